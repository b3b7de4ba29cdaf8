import * as tf from '@tensorflow/tfjs-core';
import { expectPairs } from './pairs.ts';
import { passOver } from './score-pass.ts';

/** Columns that vary less count as constant. */
const smallestVariance = 1e-24;

/**
 * Barlow Twins, Zbontar et al. 2021, arXiv:2103.03230: the correlation of the columns of both is to be the identity.
 *
 * @param a `[n, d]`, not normalised.
 * @param b `[n, d]`; row `i` matches row `i` of `a`.
 * @param redundancy Weight of the entries off the diagonal.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function barlowTwins(a: tf.Tensor2D, b: tf.Tensor2D, redundancy = 5e-3): tf.Scalar {
  expectPairs(a, b);
  const products = tf.matMul<tf.Tensor2D>(standardized(a), standardized(b), true, false);
  const rows = a.shape[0];
  return passOver(products, (values, slopes, [d]) => {
    let total = 0;
    for (let at = 0; at < values.length; at++) {
      const same = at % (d + 1) === 0;
      const off = values[at]! / rows - (same ? 1 : 0);
      const weight = same ? 1 : redundancy;
      total += weight * off ** 2;
      slopes[at] = (2 * weight * off) / rows;
    }
    return total;
  });
}

/** Columns to mean 0 and population variance 1. */
function standardized(x: tf.Tensor2D): tf.Tensor2D {
  const centred = tf.sub<tf.Tensor2D>(x, tf.mean(x, 0, true));
  const variance = tf.mean(tf.square(centred), 0, true);
  return tf.div(centred, tf.sqrt(tf.maximum(variance, smallestVariance)));
}
