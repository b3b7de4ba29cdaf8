import * as tf from '@tensorflow/tfjs-core';
import { expectScalar, pairScores, scaleOf } from './pairs.ts';
import { passOver } from './score-pass.ts';

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
  expectScalar(bias, 'loss: bias');
  const logits = tf.add<tf.Tensor2D>(tf.mul(pairScores(a, b), scaleOf(logScale)), bias);
  return passOver(logits, (values, slopes, [n], passes) => {
    return passes.sigmoid(values, slopes, { columns: n, first: 0, scale: 1, bias: 0, weight: 1 / n }).loss;
  });
}
