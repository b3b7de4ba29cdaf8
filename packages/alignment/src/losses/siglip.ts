import { logSigmoid } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { pairScores, scaleOf, total } from './pairs.ts';

/**
 * Sigmoid loss over all pairs, Zhai et al. 2023, arXiv:2303.15343, algorithm 1.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param logScale Logarithm of what cosines are multiplied by; the paper starts at `ln 10`.
 * @param bias Added to the product; the paper starts at -10.
 * @returns Mean over rows of the summed negative log-likelihood, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function siglip(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  logScale: tf.Tensor | number,
  bias: tf.Tensor | number,
): tf.Scalar {
  const n = a.shape[0];
  const logits = tf.add(tf.mul(pairScores(a, b), scaleOf(logScale)), bias);
  const signs = tf.sub(tf.mul(tf.eye(n), 2), 1);
  return tf.div(tf.neg(total(logSigmoid(tf.mul(signs, logits)))), n);
}
