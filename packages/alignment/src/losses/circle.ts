import * as tf from '@tensorflow/tfjs-core';
import { expectLabels, sameLabel } from './label-masks.ts';
import { logSumExp, softplus } from './log-sum-exp.ts';
import { type Labels, pairScores, withoutGradient } from './pairs.ts';

export interface CircleOptions {
  /** Default 0.4. */
  readonly margin?: number;
  /** Default 80. */
  readonly gamma?: number;
  /** What one softplus covers: the candidates of an anchor, then the mean is taken, or all pairs. Default `anchor`. */
  readonly over?: 'anchor' | 'batch';
}

/**
 * Circle loss, Sun et al. 2020, arXiv:2002.10857; the weights of the similarities are constants to the gradient.
 *
 * @param anchors `[n, d]` unit rows.
 * @param candidates `[n, d]` unit rows; row `i` has the label of row `i` of `anchors`.
 * @param labels One for each row; equal ones are positives.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape or there is not one label for each row.
 */
export function circle(
  anchors: tf.Tensor2D,
  candidates: tf.Tensor2D,
  labels: Labels,
  { margin = 0.4, gamma = 80, over = 'anchor' }: CircleOptions = {},
): tf.Scalar {
  expectLabels(labels, anchors.shape[0]);
  const shape: [number, number] = over === 'anchor' ? [labels.length, labels.length] : [1, labels.length ** 2];
  const scores = tf.reshape<tf.Rank.R2>(pairScores(anchors, candidates), shape);
  const same = tf.reshape<tf.Rank.R2>(sameLabel(labels, labels), shape);
  const pull = withoutGradient(scores, (s) => tf.relu(tf.sub(1 + margin, s)));
  const push = withoutGradient(scores, (s) => tf.relu(tf.add(s, margin)));
  const positives = tf.mul<tf.Tensor2D>(tf.mul(pull, tf.sub(1 - margin, scores)), gamma);
  const negatives = tf.mul<tf.Tensor2D>(tf.mul(push, tf.sub(scores, margin)), gamma);
  const rows = softplus(tf.add(logSumExp(positives, same), logSumExp(negatives, tf.sub(1, same))));
  return tf.mean(rows);
}
