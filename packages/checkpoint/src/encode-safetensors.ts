import {
  EmbeddingError,
  expectItems,
  expectList,
  expectMembers,
  type StoredTensor,
  type TypedArray,
} from '@diptych/core';

/** Names of what typed arrays hold. Integers of 8 bits without sign may be truth values too, and are written as numbers. */
const names: readonly (readonly [name: string, type: new (length: number) => TypedArray])[] = [
  ['F64', Float64Array],
  ['F32', Float32Array],
  ['I64', BigInt64Array],
  ['I32', Int32Array],
  ['I16', Int16Array],
  ['I8', Int8Array],
  ['U64', BigUint64Array],
  ['U32', Uint32Array],
  ['U16', Uint16Array],
  ['U8', Uint8Array],
];

/** The data begins at a multiple of this, and the widest arrays come first, so that each is aligned. */
const alignment = 8;

/**
 * The bytes of a safetensors file, the same for the same arrays whatever their order. `openSafetensors` and every other
 * reader takes them; nothing is lost or converted.
 *
 * @param metadata The file's own notes.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when an array is not as long as its shape says; `INPUT_INVALID` for the name
 *   `__metadata__`.
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  expectItems(tensors, 'encodeSafetensors: tensors');
  expectMembers(metadata, 'encodeSafetensors: metadata');
  const all = [...tensors];
  for (const pair of all) {
    expectList(pair, 'encodeSafetensors: a tensor with its name');
    expectMembers(pair[1], 'encodeSafetensors: a tensor', 'shape', 'data');
  }
  const sorted = all.toSorted(([a, x], [b, y]) => bytesEach(y) - bytesEach(x) || (a < b ? -1 : 1));
  let at = 0;
  const entries = sorted.map(([name, tensor]) => {
    checkLength(name, tensor);
    const begin = at;
    at += tensor.data.byteLength;
    return [name, { dtype: nameOf(tensor.data), shape: tensor.shape, data_offsets: [begin, at] }] as const;
  });
  const notes = Object.keys(metadata).length > 0 ? [['__metadata__', metadata] as const] : [];
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries([...notes, ...entries])));
  const header = Math.ceil(text.length / alignment) * alignment;
  const bytes = new Uint8Array(8 + header + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header), true);
  bytes.fill(0x20, 8 + text.length, 8 + header);
  bytes.set(text, 8);
  at = 8 + header;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

function checkLength(name: string, { shape, data }: StoredTensor): void {
  if (name === '__metadata__') {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'safetensors',
      expected: 'another name of an array',
      got: name,
    });
  }
  const size = shape.reduce((product, n) => product * n, 1);
  if (size !== data.length) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: name,
      expected: `${size} values for [${shape}]`,
      got: data.length,
    });
  }
}

function bytesEach({ data }: StoredTensor): number {
  return data.BYTES_PER_ELEMENT;
}

function nameOf(data: TypedArray): string {
  return names.find(([, type]) => data instanceof type)![0];
}
