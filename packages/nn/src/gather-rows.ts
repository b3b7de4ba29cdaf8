import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.ts';

/**
 * Rows of `x` `[n, width]` in the order of `indices`, as in an embedding table; `[indices.length, width]`. Differentiates
 * on every backend, where `tf.gather` does not.
 */
export function gatherRows(x: tf.Tensor2D, indices: Int32Array): tf.Tensor2D {
  const forward = (rows: tf.Tensor2D) => tf.gather(rows, tf.tensor1d(indices, 'int32'));
  return withGradient(x, forward, (dy) =>
    tf.scatterND(tf.tensor2d(indices, [indices.length, 1], 'int32'), dy, x.shape),
  );
}
