import { EmbeddingError, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { resizeMatrix } from './resize-matrix.ts';

/**
 * Each item of `x` `[n, from, width]` stretched to `to` rows by cubic convolution, its first and last rows staying at the ends:
 * PyTorch's `interpolate`, bicubic with `align_corners`. The same tensor where it has as many.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for fewer than two rows.
 */
export function stretchRows(x: tf.Tensor3D, to: number): tf.Tensor3D {
  const [n, from, width] = expectMembers(x, 'stretchRows: x', 'shape').shape;
  if (!(Number.isSafeInteger(to) && Math.min(from, to) > 1))
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'stretchRows',
      expected: 'at least two rows',
      got: `${from}, ${to}`,
    });
  if (from === to) return x;
  const weights = tf.tensor2d(resizeMatrix(from, to, { a: -0.75, antialias: false, aligned: true }), [to, from]);
  // [n, from, width] to [from, n * width], multiplied at once
  const columns = tf.reshape(tf.transpose(x, [1, 0, 2]), [from, n * width]);
  return tf.transpose(tf.reshape(tf.matMul(weights, columns), [to, n, width]), [1, 0, 2]);
}
