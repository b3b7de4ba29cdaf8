import { logSoftmax } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean over rows of `-Σ targets · log softmax(logits)`, in nats.
 *
 * @param targets A distribution for each row.
 */
export function crossEntropy(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const rows = tf.sum(tf.mul(targets, logSoftmax(logits)), -1);
  return tf.neg(tf.mean<tf.Scalar>(rows));
}

/** Mean over rows of `KL(targets ‖ softmax(logits))`, in nats; the targets are `softmax(targetLogits)`. */
export function divergence(logits: tf.Tensor2D, targetLogits: tf.Tensor2D): tf.Scalar {
  const targets = logSoftmax(targetLogits);
  const rows = tf.sum(tf.mul(tf.exp(targets), tf.sub(targets, logSoftmax(logits))), -1);
  return tf.mean(rows);
}

/** Mean of a loss of `[n, n]` logits and of the same transposed: from rows to columns and back. */
export function bothWays(logits: tf.Tensor2D, loss: (logits: tf.Tensor2D) => tf.Scalar): tf.Scalar {
  return tf.div(tf.add<tf.Scalar>(loss(logits), loss(tf.transpose(logits))), 2);
}

/** Cross-entropy with the diagonal as the right class of each row. */
export function matching(logits: tf.Tensor2D): tf.Scalar {
  return crossEntropy(logits, tf.eye(logits.shape[0]));
}
