import { expectMembers } from '@diptych/core';
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core';
import { hinge, type HingeOptions, type MiningOptions } from './hinge.ts';
import { pairScores } from './pairs.ts';

/**
 * Sum of hinges over all negatives in the batch, in both directions: VSE0 of Faghri et al. 2018, arXiv:1707.05612.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @returns Sum over the batch, in units of the score. `margin` defaults to 0.2.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function vse0(a: Tensor2D, b: Tensor2D, options: HingeOptions = {}): Scalar {
  const { margin = 0.2, labels } = expectMembers(options, 'vse0: options');
  return hinge(pairScores(a, b), { margin, negatives: Infinity, ...(labels && { labels }) });
}

/**
 * The same with the hardest negative of each query only: VSE++. Equal rows everywhere give exactly `2 n margin`. Towers
 * that know nothing yet may collapse to that; with many `negatives` at first, and fewer with each step, as
 * `fallingNegatives` says, they do not.
 *
 * @throws {EmbeddingError} also `CONFIG_INVALID` for another number of negatives.
 */
export function vsepp(a: Tensor2D, b: Tensor2D, options: MiningOptions = {}): Scalar {
  const { margin = 0.2, ...mining } = expectMembers(options, 'vsepp: options');
  return hinge(pairScores(a, b), { margin, ...mining });
}
