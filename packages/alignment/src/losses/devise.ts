import { expectMembers } from '@diptych/core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { type HingeOptions, rowHinge } from './hinge.ts';
import { pairScores } from './pairs.ts';

/**
 * Hinge rank loss of images against all wrong texts, Frome et al. 2013 (DeViSE).
 *
 * @param images `[n, d]` unit rows.
 * @param texts `[n, d]` unit rows; row `i` matches row `i` of `images`.
 * @returns Sum over the batch. `margin` defaults to 0.1.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape.
 */
export function devise(images: Tensor2D, texts: Tensor2D, options: HingeOptions = {}): Scalar {
  const { margin = 0.1, labels } = expectMembers(options, 'devise: options');
  return rowHinge(pairScores(images, texts), { margin, negatives: Infinity, ...(labels && { labels }) });
}
