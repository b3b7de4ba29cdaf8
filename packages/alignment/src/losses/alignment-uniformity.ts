import * as tf from '@tensorflow/tfjs-core';
import { expectPairs, expectSeveral, total } from './pairs.ts';
import { squaredDistances } from './squared-distances.ts';

/**
 * Alignment plus uniformity, Wang & Isola 2020, arXiv:2005.10242: mean squared distance of partners plus the mean of
 * both sides' uniformity.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param sharpness `t` of the paper.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape, `INPUT_INVALID` for fewer than two rows.
 */
export function alignmentUniformity(a: tf.Tensor2D, b: tf.Tensor2D, sharpness = 2): tf.Scalar {
  expectPairs(a, b);
  const aligned = tf.mean(tf.sum(tf.square(tf.sub(a, b)), -1));
  return tf.add(aligned, tf.div(tf.add(uniformity(a, sharpness), uniformity(b, sharpness)), 2));
}

/** Logarithm of the mean of `exp(-sharpness |x - y|²)` over all pairs of different rows, two at least; at most 0. */
export function uniformity(x: tf.Tensor2D, sharpness = 2): tf.Scalar {
  expectSeveral(x);
  const n = x.shape[0];
  const near = tf.exp(tf.mul(squaredDistances(x, x), -sharpness));
  const others = tf.sub(1, tf.eye(n));
  return tf.log(tf.div(total(tf.mul(near, others)), n * (n - 1)));
}
