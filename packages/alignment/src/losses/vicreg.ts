import * as tf from '@tensorflow/tfjs-core';
import { expectPairs, expectSeveral, total } from './pairs.ts';

/** Of the paper, under the square root. */
const epsilon = 1e-4;

export interface VicRegOptions {
  /** Weight of the mean squared distance of partners; default 25. */
  readonly invariance?: number;
  /** Weight of the mean of both sides' missing deviation; default 25. */
  readonly variance?: number;
  /** Weight of both sides' squared covariances; default 1. */
  readonly covariance?: number;
}

/**
 * Variance-invariance-covariance regularisation, Bardes et al. 2022, arXiv:2105.04906, with deviation 1 as the target.
 *
 * @param a `[n, d]`, not normalised.
 * @param b `[n, d]`; row `i` matches row `i` of `a`.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape, `INPUT_INVALID` for fewer than two rows.
 */
export function vicReg(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  { invariance = 25, variance = 25, covariance = 1 }: VicRegOptions = {},
): tf.Scalar {
  expectPairs(a, b);
  expectSeveral(a);
  const sides = [a, b].map((rows) => spread(rows, variance / 2, covariance));
  const distance = tf.div(total(tf.squaredDifference(a, b)), a.size);
  return tf.add(tf.mul(distance, invariance), tf.add(sides[0]!, sides[1]!));
}

/** What one side adds, with unbiased variances. */
function spread(x: tf.Tensor2D, variance: number, covariance: number): tf.Scalar {
  const [n, d] = x.shape;
  const centred = tf.sub<tf.Tensor2D>(x, tf.mean(x, 0, true));
  const columns = tf.transpose(centred);
  const covariances = tf.div(tf.matMul(columns, centred), n - 1);
  const same = tf.eye(d);
  const variances = tf.sum(tf.mul(covariances, same), -1);
  const missing = tf.mean(tf.relu(tf.sub(1, tf.sqrt(tf.add(variances, epsilon)))));
  const products = tf.div(total(tf.mul(tf.square(covariances), tf.sub(1, same))), d);
  return tf.add(tf.mul(missing, variance), tf.mul(products, covariance));
}
