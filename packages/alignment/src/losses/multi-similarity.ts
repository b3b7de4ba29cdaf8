import { expectMembers } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import { expectLabelled } from './label-masks.ts';
import { type Labels, pairScores } from './pairs.ts';
import { softplus } from './plain-softmax.ts';
import { passOver } from './score-pass.ts';

export interface MultiSimilarityOptions {
  /** Sharpness for positives; default 2. */
  readonly alpha?: number;
  /** Sharpness for negatives; default 50. */
  readonly beta?: number;
  /** Similarity between the two; default 0.5. */
  readonly base?: number;
}

/**
 * Multi-similarity loss without mining, Wang et al. 2019, arXiv:1904.06627.
 *
 * @param anchors `[n, d]` unit rows.
 * @param candidates `[n, d]` unit rows; row `i` has the label of row `i` of `anchors`.
 * @param labels One for each row; equal ones are positives.
 * @returns Mean over anchors.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one label for each row.
 */
export function multiSimilarity(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  labels: Labels,
  options: MultiSimilarityOptions = {},
): tf.Scalar {
  const { alpha = 2, beta = 50, base = 0.5 } = expectMembers(options, 'multiSimilarity: options');
  expectLabelled(anchors, labels);
  const classes = Int32Array.from(labels);
  // Of positives, which are to be above the base, and of negatives, below it.
  const sharpness = [-alpha, beta] as const;
  return passOver(pairScores(anchors, candidates), (scores, slopes, [n]) => {
    const row = new Float64Array(n);
    let total = 0;
    for (let i = 0; i < n; i++) {
      const side = (j: number) => (classes[i] === classes[j] ? 0 : 1);
      const tops: [number, number] = [-Infinity, -Infinity];
      const sums: [number, number] = [0, 0];
      for (let j = 0; j < n; j++) {
        row[j] = sharpness[side(j)] * (scores[i * n + j]! - base);
        // NaN becomes the highest for a while, and the sum NaN for good.
        if (!(row[j]! <= tops[side(j)])) tops[side(j)] = row[j]!;
      }
      for (let j = 0; j < n; j++) sums[side(j)] += row[j] = Math.exp(row[j]! - tops[side(j)]);
      const factors = sharpness.map((sharp, of) => {
        const [cost, along] = softplus(tops[of]! + Math.log(sums[of]!));
        total += cost / Math.abs(sharp);
        return (Math.sign(sharp) * along) / (n * sums[of]!);
      });
      for (let j = 0; j < n; j++) slopes[i * n + j] = factors[side(j)]! * row[j]!;
    }
    return total / n;
  });
}
