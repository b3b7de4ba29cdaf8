import type * as tf from '@tensorflow/tfjs-core';
import { expectLabels } from './label-masks.ts';
import { type Labels, pairScores } from './pairs.ts';
import { softmaxInPlace, softplus } from './plain-softmax.ts';
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
  { alpha = 2, beta = 50, base = 0.5 }: MultiSimilarityOptions = {},
): tf.Scalar {
  expectLabels(labels, anchors.shape[0]);
  const classes = Int32Array.from(labels);
  return passOver(pairScores(anchors, candidates), (scores, slopes, [n]) => {
    const row = new Float64Array(n);
    let total = 0;
    // Of one anchor: sharpness times how far positives are below and negatives above the base.
    const add = (i: number, positives: boolean, sharpness: number) => {
      for (let j = 0; j < n; j++) {
        const counts = (classes[i] === classes[j]) === positives;
        row[j] = counts ? sharpness * (scores[i * n + j]! - base) : -Infinity;
      }
      const [cost, along] = softplus(softmaxInPlace(row));
      total += cost / Math.abs(sharpness);
      const slope = (Math.sign(sharpness) * along) / n;
      for (let j = 0; j < n; j++) slopes[i * n + j]! += slope * row[j]!;
    };
    for (let i = 0; i < n; i++) {
      add(i, true, -alpha);
      add(i, false, beta);
    }
    return total / n;
  });
}
