import type { LineSums } from '@diptych/core';
import { logSoftmax } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { passOver } from './score-pass.ts';

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

/**
 * Cross-entropy of the rows of logits `[n, n]`, and with `both` the mean of it and that of the columns.
 *
 * @param labels The target of a row is uniform over the columns with its label.
 */
export function matching(logits: tf.Tensor2D, labels: Int32Array, both: boolean): tf.Scalar {
  return passOver(logits, (values, slopes, [n], passes) => {
    const weights = both ? ([0.5 / n, 0.5 / n] as const) : ([1 / n, 0] as const);
    const sums = passes.softmaxSums(values, n, 1);
    passes.softmaxSlopes(values, slopes, { scale: 1, sums, weights });
    const places = placesOf(labels);
    const ofRows = weights[0] * totalLogSum(sums.rows);
    let total = both ? ofRows + weights[1] * totalLogSum(sums.columns) : ofRows;
    for (let i = 0; i < n; i++) {
      const own = places.get(labels[i]!)!;
      for (const j of own) {
        slopes[i * n + j]! -= 1 / (n * own.length);
        total -= values[i * n + j]! / (n * own.length);
      }
    }
    return total;
  });
}

/** Where each label stands. */
function placesOf(labels: Int32Array): ReadonlyMap<number, readonly number[]> {
  const places = new Map<number, number[]>();
  labels.forEach((label, at) => {
    const found = places.get(label);
    if (found) found.push(at);
    else places.set(label, [at]);
  });
  return places;
}

/** Of all lines, `log Σ exp`, added up. */
export function totalLogSum({ tops, sums }: LineSums): number {
  return tops.reduce((total, top, i) => total + top + Math.log(sums[i]!), 0);
}
