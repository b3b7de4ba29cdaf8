import * as tf from '@tensorflow/tfjs-core';
import { expectLabels, ownLabels, sameLabel } from './label-masks.ts';
import { logSumExp } from './log-sum-exp.ts';
import { type Labels, pairScores } from './pairs.ts';

export interface SupConOptions {
  /** Cosines are divided by it. */
  readonly temperature?: number;
  /** Where the mean over positives is taken: outside the logarithm (`L_out`, the better one) or inside. */
  readonly mean?: 'outside' | 'inside';
}

/**
 * Supervised contrastive loss over the `2n` rows of both, Khosla et al. 2020, arXiv:2004.11362.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` has the label of row `i` of `a`.
 * @param labels One for each pair.
 * @returns Mean over the `2n` anchors, in nats. `temperature` defaults to 0.1.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape or there is not one label for each row.
 */
export function supCon(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  labels: Labels,
  { temperature = 0.1, mean = 'outside' }: SupConOptions = {},
): tf.Scalar {
  expectLabels(labels, a.shape[0]);
  const rows = tf.concat([a, b]);
  const both = [...Array.from(labels), ...Array.from(labels)];
  const others = tf.sub<tf.Tensor2D>(1, tf.eye(both.length));
  const positives = tf.mul<tf.Tensor2D>(sameLabel(both, both), others);
  const scores = tf.div<tf.Tensor2D>(pairScores(rows, rows), temperature);
  const counts = tf.sum(positives, -1);
  const all = logSumExp(scores, others);
  const matched =
    mean === 'outside'
      ? tf.div(tf.sum(tf.mul(scores, positives), -1), counts)
      : tf.sub(logSumExp(scores, positives), tf.log(counts));
  return tf.mean(tf.sub(all, matched));
}

/**
 * NT-Xent of SimCLR, Chen et al. 2020, arXiv:2002.05709: the partner of each of the `2n` rows among all others.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @returns Mean over the `2n` rows, in nats.
 */
export function ntXent(a: tf.Tensor2D, b: tf.Tensor2D, temperature = 0.5): tf.Scalar {
  return supCon(a, b, ownLabels(a.shape[0]), { temperature });
}
