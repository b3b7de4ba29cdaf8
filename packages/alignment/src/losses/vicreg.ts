import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expectPairs, expectSeveral, total } from './pairs.ts';
import { passOverOwn } from './score-pass.ts';

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
export function vicReg(a: tf.Tensor2D, b: tf.Tensor2D, options: VicRegOptions = {}): tf.Scalar {
  const { invariance = 25, variance = 25, covariance = 1 } = expectMembers(options, 'vicReg: options');
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
  return passOverOwn(tf.transpose(centred), (products, slopes) => {
    let [missing, squares] = [0, 0];
    for (let at = 0; at < products.length; at++) {
      const value = products[at]! / (n - 1);
      if (at % (d + 1) !== 0) {
        squares += value ** 2;
        slopes[at] = (2 * covariance * value) / (d * (n - 1));
        continue;
      }
      const deviation = Math.sqrt(value + epsilon);
      // NaN stays.
      if (deviation >= 1) continue;
      missing += 1 - deviation;
      slopes[at] = -variance / (2 * d * (n - 1) * deviation);
    }
    return (variance * missing + covariance * squares) / d;
  });
}
