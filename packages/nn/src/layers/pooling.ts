import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** Mean of square windows side by side; what is left over at the right and at the bottom is dropped. */
export function averagePool(x: tf.Tensor4D, size: number): tf.Tensor4D {
  expectMembers(x, 'x', 'shape');
  return size === 1 ? x : tf.avgPool(x, size, size, 'valid');
}

/** Mean over height and width: `[n, height, width, channels]` to `[n, channels]`. */
export function globalAveragePool(x: tf.Tensor4D): tf.Tensor2D {
  expectMembers(x, 'x', 'shape');
  return tf.mean(x, [1, 2]);
}

/**
 * Mean of the tokens that count; a row without any is zero.
 *
 * @param x `[n, length, width]`.
 * @param mask `[n, length]`, 1 where a token counts.
 * @returns `[n, width]`.
 */
export function maskedMean(x: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  expectMembers(x, 'x', 'shape');
  const kept = tf.mul(x, tf.expandDims(mask, 2));
  // 1e-9 as in sentence-transformers
  return tf.div(tf.sum(kept, 1), tf.maximum(tf.sum(mask, 1, true), 1e-9));
}
