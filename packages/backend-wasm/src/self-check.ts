import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

const rows = 5;
const inner = 67;
const columns = 9;
/** Float32 gives 1e-6; half precision, which is too coarse for embeddings, gives 1e-3. */
const tolerance = 1e-4;

/** Order in which rows are gathered. */
const order = [3, 0, 4, 2, 1];

/**
 * Computes on the current backend what all towers are made of, in odd sizes, one after another: a matrix product, a
 * gathering of rows, a layer norm and a softmax. Compares the result with plain arithmetic.
 *
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the numbers are wrong.
 */
export async function selfCheck(): Promise<void> {
  const a = Float32Array.from({ length: rows * inner }, (_, i) => Math.sin(i));
  const b = Float32Array.from({ length: inner * columns }, (_, i) => Math.cos(i));
  const result = tf.tidy(() => {
    const product = tf.matMul(tf.tensor2d(a, [rows, inner]), tf.tensor2d(b, [inner, columns]));
    const gathered = tf.gather(product, tf.tensor1d(order, 'int32'));
    const centred = tf.sub(gathered, tf.mean(gathered, -1, true));
    return tf.softmax(tf.mul(centred, tf.rsqrt(tf.mean(tf.square(centred), -1, true))));
  });
  try {
    compare(await result.data(), expectedOf(a, b));
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

function expectedOf(a: Float32Array, b: Float32Array): Float64Array {
  const out = new Float64Array(rows * columns);
  order.forEach((from, i) => {
    const row = out.subarray(i * columns, (i + 1) * columns);
    for (let k = 0; k < inner; k++) row.forEach((_, j) => (row[j]! += a[from * inner + k]! * b[k * columns + j]!));
    const mean = sum(row) / columns;
    const deviation = Math.sqrt(sum(row.map((value) => (value - mean) ** 2)) / columns);
    const powers = row.map((value) => Math.exp((value - mean) / deviation));
    row.set(powers.map((power) => power / sum(powers)));
  });
  return out;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
