import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

const rows = 5;
const inner = 67;
const columns = 9;
/** Float32 gives 1e-6; half precision, which is too coarse for embeddings, gives 1e-3. */
const tolerance = 1e-4;

/**
 * Computes a softmax of a matrix product of odd sizes on the current backend and compares it with plain arithmetic.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the numbers are wrong.
 */
export async function selfCheck(): Promise<void> {
  const a = Float32Array.from({ length: rows * inner }, (_, i) => Math.sin(i));
  const b = Float32Array.from({ length: inner * columns }, (_, i) => Math.cos(i));
  const result = tf.tidy(() => tf.softmax(tf.matMul(tf.tensor2d(a, [rows, inner]), tf.tensor2d(b, [inner, columns]))));
  try {
    compare(await result.data(), softmaxOfProduct(a, b));
  } finally {
    result.dispose();
  }
}

function compare(got: ArrayLike<number>, expected: Float64Array): void {
  const at = expected.findIndex((value, i) => !(Math.abs(got[i]! - value) <= tolerance));
  if (at < 0) return;
  throw new EmbeddingError('BACKEND_UNAVAILABLE', {
    where: `${tf.getBackend()}: computes wrong numbers here`,
    expected: String(expected[at]),
    got: got[at],
    cure: 'use another backend',
  });
}

function softmaxOfProduct(a: Float32Array, b: Float32Array): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = out.subarray(i * columns, (i + 1) * columns);
    for (let k = 0; k < inner; k++) row.forEach((_, j) => (row[j]! += a[i * inner + k]! * b[k * columns + j]!));
    row.forEach((value, j) => (row[j] = Math.exp(value)));
    const sum = row.reduce((total, value) => total + value, 0);
    row.forEach((value, j) => (row[j] = value / sum));
  }
  return out;
}
