import { expectMembers } from '@diptych/core';
import { l2Normalize } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { expectPairs, type PairLoss } from './pairs.ts';

export interface MatryoshkaOptions {
  /** How many leading components each term takes. */
  readonly dims: readonly number[];
  /** Weight of each term; default 1. */
  readonly weights?: readonly number[];
}

/**
 * A loss of the leading components, normalised again, summed over several lengths: Kusupati et al. 2022,
 * arXiv:2205.13147.
 *
 * @param a `[n, d]`, not normalised.
 * @param b `[n, d]`; row `i` matches row `i` of `a`.
 * @param loss Of unit rows.
 */
export function matryoshka(a: tf.Tensor2D, b: tf.Tensor2D, loss: PairLoss, options: MatryoshkaOptions): tf.Scalar {
  const { dims, weights = dims.map(() => 1) } = expectMembers(options, 'matryoshka: options', 'dims');
  expectPairs(a, b);
  const leading = (x: tf.Tensor2D, dim: number) => l2Normalize(tf.slice2d(x, [0, 0], [-1, dim]));
  const terms = dims.map((dim, i) => tf.mul<tf.Scalar>(loss(leading(a, dim), leading(b, dim)), weights[i]));
  return tf.addN(terms);
}
