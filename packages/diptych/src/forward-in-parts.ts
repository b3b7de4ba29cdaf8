import { type Batch, EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Rows of a batch, `[n, dim]`: at once where they fit into memory, otherwise of one half and then of the other.
 *
 * @throws {EmbeddingError} `OUT_OF_MEMORY` when one item alone does not fit.
 */
export async function forwardInParts<B extends Batch>(
  forward: (batch: B) => tf.Tensor2D,
  batch: B,
): Promise<Float32Array> {
  const [n] = batch.shape;
  let rows: tf.Tensor2D;
  try {
    rows = tf.tidy(() => forward(batch));
  } catch (error) {
    if (!(error instanceof EmbeddingError && error.code === 'OUT_OF_MEMORY') || n < 2) throw error;
    const half = n >> 1;
    const [first, second] = [part(batch, 0, half), part(batch, half, n)];
    return joined(await forwardInParts(forward, first), await forwardInParts(forward, second));
  }
  try {
    return (await rows.data<'float32'>()).slice();
  } finally {
    rows.dispose();
  }
}

/** Items `begin` to `end`. */
function part<B extends Batch>(batch: B, begin: number, end: number): B {
  const [n, ...rest] = batch.shape;
  const entries = Object.entries(batch).map(([name, value]: [string, unknown]) => {
    if (!ArrayBuffer.isView(value) || value instanceof DataView) return [name, value];
    const values = value as Float32Array;
    const each = values.length / n;
    return [name, values.subarray(begin * each, end * each)];
  });
  return { ...batch, ...Object.fromEntries(entries), shape: [end - begin, ...rest] };
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const all = new Float32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
