import * as tf from '@tensorflow/tfjs-core';
import { pairScores, total } from './pairs.ts';

/** Keeps the square root of a distance 0 differentiable. */
const epsilon = 1e-12;

/**
 * Contrastive loss of all pairs, Hadsell et al. 2006: partners pulled together, others pushed `margin` apart.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @returns Half the mean over the `n²` pairs, in squared distance.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function pairContrastive(a: tf.Tensor2D, b: tf.Tensor2D, margin = 1): tf.Scalar {
  const squares = tf.relu(tf.sub(2, tf.mul(pairScores(a, b), 2)));
  const pushed = tf.square(tf.relu(tf.sub(margin, tf.sqrt(tf.add(squares, epsilon)))));
  const same = tf.eye(a.shape[0]);
  return tf.div(total(tf.add(tf.mul(same, squares), tf.mul(tf.sub(1, same), pushed))), 2 * a.shape[0] ** 2);
}
