import * as tf from '@tensorflow/tfjs-core';
import { matching } from './cross-entropy.ts';
import { ownLabels } from './label-masks.ts';
import { pairScores, scaleOf } from './pairs.ts';

/** OpenAI's CLIP multiplies cosines by at most this. */
export const maxScale = 100;

/**
 * Symmetric InfoNCE of CLIP, Radford et al. 2021, arXiv:2103.00020: each row finds its partner among all of the batch.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param logScale Logarithm of what cosines are multiplied by; CLIP starts at `ln(1 / 0.07)`. The factor stays at most
 * 100, and a parameter beyond that gets no gradient; `clampVariable` after each step is what OpenAI and open_clip do.
 * @returns Mean over rows and both directions, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function infoNce(a: tf.Tensor2D, b: tf.Tensor2D, logScale: tf.Tensor | number): tf.Scalar {
  return matching(tf.mul(pairScores(a, b), scaleOf(logScale, maxScale)), ownLabels(a.shape[0]), true);
}
