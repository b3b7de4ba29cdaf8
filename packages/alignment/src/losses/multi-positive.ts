import * as tf from '@tensorflow/tfjs-core';
import { matching } from './cross-entropy.ts';
import { maxScale } from './info-nce.ts';
import { expectLabelled } from './label-masks.ts';
import { type Labels, pairScores, scaleOf } from './pairs.ts';

/**
 * InfoNCE whose target is uniform over all rows with the same label, as in UniCL, Yang et al. 2022, arXiv:2204.03610.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param labels One for each pair, such as the number of its image.
 * @param logScale As of `infoNce`.
 * @returns Mean over rows and both directions, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape or there is not one label for each row.
 */
export function multiPositive(a: tf.Tensor2D, b: tf.Tensor2D, labels: Labels, logScale: tf.Tensor | number): tf.Scalar {
  expectLabelled(a, labels);
  const logits = tf.mul<tf.Tensor2D>(pairScores(a, b), scaleOf(logScale, maxScale));
  return matching(logits, Int32Array.from(labels), true);
}
