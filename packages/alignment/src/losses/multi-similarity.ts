import * as tf from '@tensorflow/tfjs-core';
import { expectLabels, sameLabel } from './label-masks.ts';
import { logSumExp, softplus } from './log-sum-exp.ts';
import { type Labels, pairScores } from './pairs.ts';

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
  const above = tf.sub(pairScores(anchors, candidates), base);
  const same = sameLabel(labels, labels);
  const positives = softplus(logSumExp(tf.mul(above, -alpha), same));
  const negatives = softplus(logSumExp(tf.mul(above, beta), tf.sub(1, same)));
  return tf.mean(tf.add(tf.div(positives, alpha), tf.div(negatives, beta)));
}
