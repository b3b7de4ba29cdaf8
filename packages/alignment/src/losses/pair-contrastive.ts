import type * as tf from '@tensorflow/tfjs-core';
import { pairScores } from './pairs.ts';
import { passOver } from './score-pass.ts';

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
  return passOver(pairScores(a, b), (scores, slopes, [n]) => {
    let total = 0;
    for (let at = 0; at < scores.length; at++) {
      const square = Math.max(2 - 2 * scores[at]!, 0);
      const along = square > 0 ? -1 / n ** 2 : 0;
      if (at % (n + 1) === 0) {
        total += square;
        slopes[at] = along;
        continue;
      }
      const distance = Math.sqrt(square + epsilon);
      // NaN stays.
      if (distance >= margin) continue;
      total += (margin - distance) ** 2;
      slopes[at] = (-along * (margin - distance)) / distance;
    }
    return total / (2 * n ** 2);
  });
}
