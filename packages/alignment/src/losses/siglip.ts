import * as tf from '@tensorflow/tfjs-core';
import { pairScores, scaleOf } from './pairs.ts';
import { passOver, softplus } from './score-pass.ts';

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
  return passOver(tf.add(tf.mul(pairScores(a, b), scaleOf(logScale)), bias), (logits, slopes, [n]) => {
    let total = 0;
    for (let at = 0; at < logits.length; at++) {
      // Pairs stand on the diagonal, and are to have a high logit.
      const sign = at % (n + 1) === 0 ? -1 : 1;
      const [cost, slope] = softplus(sign * logits[at]!);
      total += cost;
      slopes[at] = (sign * slope) / n;
    }
    return total / n;
  });
}
