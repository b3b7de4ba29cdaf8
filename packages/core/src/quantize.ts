import { expectPrecision, expectRows } from './arguments.ts';
import type { EmbeddingData, Embeddings, Precision } from './embeddings.ts';
import { EmbeddingError } from './error.ts';
import { largestCode } from './numbers/kernel-constants.ts';

/**
 * Fewer bits per component, one row at a time: no row depends on another.
 *
 * `int8` is `round(127 v / max|v|)` with the step in `scales`; `uint8` is that plus 128. The binary precisions are
 * those of sentence-transformers: bit 1 where `v > 0`, and `binary` is `ubinary - 128`. One piece, of some 35 ms for a
 * million numbers.
 *
 * @param embeddings `[n, dim]`, finite.
 * @throws {EmbeddingError} `INPUT_INVALID` when a component is NaN or infinite, or there is no such precision.
 */
export function quantize<P extends Precision>(embeddings: Embeddings, precision: P): Embeddings<P> {
  expectRows(embeddings, 'quantize');
  expectPrecision(precision, 'quantize');
  const { data, shape, model } = embeddings;
  rejectNonFinite(data, shape[1]);
  const made = makers[precision](data, shape);
  return { precision, shape, model, ...made };
}

/** Rows back as float32: `int8` and `uint8` within half a step, the binary precisions as +1 and -1. 10 ms for a million. */
export function dequantize(embeddings: Embeddings<Precision>): Embeddings {
  expectRows(embeddings, 'dequantize');
  const { precision, data, shape, model, scales } = embeddings;
  expectPrecision(precision, 'dequantize');
  const [n, dim] = shape;
  if ((precision === 'int8' || precision === 'uint8') && scales?.length !== n) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'dequantize',
      expected: `${n} scales`,
      got: scales?.length ?? 'none',
    });
  }
  const out = new Float32Array(n * dim);
  const rowBytes = Math.ceil(dim / 8);
  for (let i = 0; i < out.length; i++) {
    const row = Math.floor(i / dim);
    const column = i - row * dim;
    if (precision === 'float32') out[i] = data[i]!;
    else if (precision === 'int8') out[i] = data[i]! * scales![row]!;
    else if (precision === 'uint8') out[i] = (data[i]! - 128) * scales![row]!;
    else {
      const byte = data[row * rowBytes + (column >> 3)]! + (precision === 'binary' ? 128 : 0);
      out[i] = (byte >> (7 - (column & 7))) & 1 ? 1 : -1;
    }
  }
  return { precision: 'float32', data: out, shape, model };
}

type Made<P extends Precision> = { readonly data: EmbeddingData[P]; readonly scales?: Float32Array };
type Shape = Embeddings['shape'];

const makers: { [P in Precision]: (data: Float32Array, shape: Shape) => Made<P> } = {
  float32: (data) => ({ data: data.slice() }),
  int8: toInt8,
  uint8: (data, shape) => {
    const { data: steps, scales } = toInt8(data, shape);
    return { data: Uint8Array.from(steps, (v) => v + 128), scales };
  },
  binary: (data, shape) => ({ data: Int8Array.from(signBits(data, shape), (v) => v - 128) }),
  ubinary: (data, shape) => ({ data: signBits(data, shape) }),
};

function toInt8(data: Float32Array, [n, dim]: Shape): { data: Int8Array; scales: Float32Array } {
  const steps = new Int8Array(n * dim);
  const scales = new Float32Array(n);
  for (let row = 0; row < n; row++) {
    const values = data.subarray(row * dim, (row + 1) * dim);
    const scale = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0) / largestCode.int8;
    scales[row] = scale;
    if (scale > 0) values.forEach((v, column) => (steps[row * dim + column] = Math.round(v / scale)));
  }
  return { data: steps, scales };
}

function signBits(data: Float32Array, [n, dim]: Shape): Uint8Array {
  const rowBytes = Math.ceil(dim / 8);
  const bits = new Uint8Array(n * rowBytes);
  for (let i = 0; i < n * dim; i++) {
    const row = Math.floor(i / dim);
    const column = i - row * dim;
    if (data[i]! > 0) bits[row * rowBytes + (column >> 3)]! |= 128 >> (column & 7);
  }
  return bits;
}

function rejectNonFinite(data: Float32Array, dim: number): void {
  const at = data.findIndex((v) => !Number.isFinite(v));
  if (at >= 0) {
    const where = `row ${Math.floor(at / dim)}, component ${at % dim}`;
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'quantize',
      expected: 'finite components',
      got: `${data[at]} at ${where}`,
    });
  }
}
