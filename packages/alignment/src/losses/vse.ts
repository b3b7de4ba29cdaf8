import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { everyNegative, hardestNegatives, hinge, type HingeOptions } from './hinge.ts';
import { pairScores } from './pairs.ts';

/**
 * Sum of hinges over all negatives in the batch, in both directions: VSE0 of Faghri et al. 2018, arXiv:1707.05612.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @returns Sum over the batch, in units of the score. `margin` defaults to 0.2.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function vse0(a: Tensor2D, b: Tensor2D, { margin = 0.2, labels }: HingeOptions = {}): Scalar {
  return hinge(pairScores(a, b), everyNegative, margin, labels);
}

export interface VseppOptions extends HingeOptions {
  /** How many of the hardest negatives of each query count, 1 or more; default 1. */
  readonly negatives?: number;
}

/**
 * The same with the hardest negative of each query only: VSE++. Equal rows everywhere give exactly `2 n margin`. Towers
 * that know nothing yet may collapse to that; with many `negatives` at first, and fewer with each step, as
 * `fallingNegatives` says, they do not.
 *
 * @throws {EmbeddingError} also `CONFIG_INVALID` for another number of negatives.
 */
export function vsepp(a: Tensor2D, b: Tensor2D, { margin = 0.2, labels, negatives = 1 }: VseppOptions = {}): Scalar {
  return hinge(pairScores(a, b), hardestNegatives(negatives), margin, labels);
}
