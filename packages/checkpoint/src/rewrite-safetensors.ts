import { EmbeddingError, expectFunction, expectMembers } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { type Dtype, dtypes } from './dtype.ts';
import { readExactly } from './read-exactly.ts';
import { readHeader } from './safetensors.ts';

/**
 * The bytes of a safetensors file with other values in some of its arrays, each of the type that it has there. All else is
 * as it was: names, order, notes and the bits of every other array.
 *
 * @param values Asked for each array of the file by its name; `undefined` for those that stay. Each is rounded to the
 *   nearest number of the file's type, ties to even.
 * @throws {EmbeddingError} `CHECKPOINT_INVALID` as `openSafetensors` does; `SHAPE_MISMATCH` for another number of values;
 *   `UNSUPPORTED` for an array of neither F16, BF16, F32 nor F64.
 */
export async function rewriteSafetensors(
  source: ByteSource,
  values: (name: string) => Float32Array | undefined,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  expectMembers(source, 'rewriteSafetensors: source', 'size', 'read');
  expectFunction(values, 'rewriteSafetensors: values');
  const { tensors, dataBegin } = await readHeader(source, signal);
  const bytes = (await readExactly(source, [0, source.size], signal)).slice();
  for (const [name, { dtype, begin, end }] of tensors) {
    const changed = values(name);
    if (!changed) continue;
    const where = `${source.name}: tensor '${name}'`;
    const encoded = encoders.get(dtype)?.(changed);
    if (!encoded) {
      throw new EmbeddingError('UNSUPPORTED', { where, expected: 'F16, BF16, F32 or F64', got: 'another type' });
    }
    if (encoded.byteLength !== end - begin) {
      const expected = `${(end - begin) / dtype.size} values`;
      throw new EmbeddingError('SHAPE_MISMATCH', { where, expected, got: changed.length });
    }
    bytes.set(new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.byteLength), dataBegin + begin);
  }
  return bytes;
}

/** Not among the types themselves: whoever only reads need not load it. */
const encoders = new Map<Dtype | undefined, (values: Float32Array) => ArrayBufferView>([
  [dtypes.get('F64'), (values) => Float64Array.from(values)],
  [dtypes.get('F32'), (values) => values],
  [dtypes.get('F16'), toHalves],
  [dtypes.get('BF16'), toBfloat16],
]);

/** Of a number that is not one, its upper half, which must not become infinite. */
function toBfloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (one, i) => (Number.isNaN(values[i]) ? (one >>> 16) | 0x40 : rounded(one, 16)));
}

/** Beyond 65504 infinite, as IEEE 754 rounds. */
function toHalves(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (one) => ((one >>> 16) & 0x8000) | halfOf(one & 0x7fffffff));
}

/** @param bits Of a float32 without its sign. */
function halfOf(bits: number): number {
  if (bits > 0x7f800000) return 0x7e00;
  if (bits >= 0x477ff000) return 0x7c00;
  // From 2^-14 on the exponent is another by 112, below it all steps are 2^-24.
  if (bits >= 0x38800000) return rounded(bits - (112 << 23), 13);
  const steps = new Float32Array(Uint32Array.of(bits).buffer)[0]! * 2 ** 24;
  const whole = Math.floor(steps);
  const rest = steps - whole;
  return whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0);
}

/** Without so many of the last bits, to the nearest, ties to even. */
function rounded(bits: number, count: number): number {
  return (bits + 2 ** (count - 1) - 1 + ((bits >>> count) & 1)) >>> count;
}
