import { floatTable, type TypedArray } from '@diptych/core';

/** One element type on disk, little-endian. */
export interface Dtype {
  /** Bytes per value. */
  readonly size: number;
  /** The values of `bytes`, in the same memory where that can be. */
  decode(bytes: Uint8Array): TypedArray;
}

/** Element types by the names of safetensors. Floats narrower than 32 bits widen, exactly. */
export const dtypes: ReadonlyMap<string, Dtype> = new Map<string, Dtype>([
  ['F64', plain(Float64Array)],
  ['F32', plain(Float32Array)],
  ['F16', { size: 2, decode: lookup(Uint16Array, () => floatTable(5, 10, 'ieee')) }],
  ['BF16', { size: 2, decode: bfloat16 }],
  ['F8_E4M3', { size: 1, decode: lookup(Uint8Array, () => floatTable(4, 3, 'finite')) }],
  ['F8_E5M2', { size: 1, decode: lookup(Uint8Array, () => floatTable(5, 2, 'ieee')) }],
  ['I64', plain(BigInt64Array)],
  ['I32', plain(Int32Array)],
  ['I16', plain(Int16Array)],
  ['I8', plain(Int8Array)],
  ['U64', plain(BigUint64Array)],
  ['U32', plain(Uint32Array)],
  ['U16', plain(Uint16Array)],
  ['U8', plain(Uint8Array)],
  ['BOOL', plain(Uint8Array)],
]);

interface ArrayType<A extends TypedArray> {
  new (buffer: ArrayBufferLike, offset: number, length: number): A;
  readonly BYTES_PER_ELEMENT: number;
}

function plain<A extends TypedArray>(type: ArrayType<A>): Dtype {
  return { size: type.BYTES_PER_ELEMENT, decode: (bytes) => view(type, bytes) };
}

/** Bytes that are not aligned are copied. */
function view<A extends TypedArray>(type: ArrayType<A>, bytes: Uint8Array): A {
  const { buffer, byteOffset, byteLength } = aligned(bytes, type.BYTES_PER_ELEMENT);
  return new type(buffer, byteOffset, byteLength / type.BYTES_PER_ELEMENT);
}

function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
}

/** The bytes alone in a buffer, so that what they hold can be transferred and is nobody else's memory. */
export function ownBuffer(bytes: Uint8Array): Uint8Array {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? bytes : new Uint8Array(bytes);
}

function lookup(type: ArrayType<Uint16Array> | ArrayType<Uint8Array>, makeTable: () => Float32Array): Dtype['decode'] {
  let table: Float32Array | undefined;
  return (bytes) => {
    table ??= makeTable();
    const codes = view<Uint16Array | Uint8Array>(type, bytes);
    const out = new Float32Array(codes.length);
    for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!;
    return out;
  };
}

/** A bfloat16 is the upper half of a float32. */
function bfloat16(bytes: Uint8Array): Float32Array {
  const halves = view(Uint16Array, bytes);
  const out = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) out[i] = halves[i]! << 16;
  return new Float32Array(out.buffer);
}
