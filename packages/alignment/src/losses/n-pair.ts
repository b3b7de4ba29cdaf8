import * as tf from '@tensorflow/tfjs-core';
import { matching } from './cross-entropy.ts';
import { ownLabels } from './label-masks.ts';
import { pairScores } from './pairs.ts';

/**
 * Multi-class N-pair loss, Sohn 2016.
 *
 * @param anchors `[n, d]`, not normalised.
 * @param positives `[n, d]`, not normalised; row `i` matches row `i` of `anchors`.
 * @param penalty Weight of the mean squared norms of both.
 * @returns Mean over anchors, in nats.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they differ in shape.
 */
export function nPair(anchors: tf.Tensor2D, positives: tf.Tensor2D, penalty = 0): tf.Scalar {
  const loss = matching(pairScores(anchors, positives), ownLabels(anchors.shape[0]), false);
  if (penalty === 0) return loss;
  const [first, second] = [anchors, positives].map((rows) => tf.mean(tf.sum(tf.square(rows), -1)));
  return tf.add(loss, tf.mul(tf.add(first!, second!), penalty));
}
