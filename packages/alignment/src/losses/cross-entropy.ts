import { logSoftmax } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { passOver, type ScorePass, softmaxInPlace } from './score-pass.ts';

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
  return passOver(logits, (...matrix) => {
    if (!both) return lineEntropies(matrix, 'rows', labels, 1);
    return (
      bothEntropies(matrix, labels) ??
      lineEntropies(matrix, 'rows', labels, 1 / 2) + lineEntropies(matrix, 'columns', labels, 1 / 2)
    );
  });
}

/** Logits that differ by no more share one exponential between row and column, in float32 too. */
const widest = 60;

/** The mean of both, with half the exponentials; undefined where the logits are too far apart. */
function bothEntropies([logits, slopes, [n]]: Parameters<ScorePass>, labels: Int32Array): number | undefined {
  const { tops, top, lowest } = extremes(logits, n);
  if (!(top - lowest <= widest)) return undefined;
  const weights = tops.map((one) => Math.exp(one - top));
  const [rows, columns, counts] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++, at++) {
      const part = Math.exp(logits[at]! - tops[i]!);
      slopes[at] = part;
      rows[i]! += part;
      columns[j]! += part * weights[i]!;
      if (labels[i] === labels[j]) counts[i]! += 1;
    }
  }
  let total = 0;
  for (let i = 0, at = 0; i < n; i++) {
    total += tops[i]! + top + Math.log(rows[i]!) + Math.log(columns[i]!);
    for (let j = 0; j < n; j++, at++) {
      const matched = labels[i] === labels[j] ? 2 / counts[i]! : 0;
      total -= matched * logits[at]!;
      slopes[at] = (slopes[at]! * (1 / rows[i]! + weights[i]! / columns[j]!) - matched) / (2 * n);
    }
  }
  return total / (2 * n);
}

/** Highest logit of each row, and of all; NaN where there is NaN. */
function extremes(logits: ArrayLike<number>, n: number): { tops: Float64Array; top: number; lowest: number } {
  const tops = new Float64Array(n).fill(-Infinity);
  let lowest = Infinity;
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < n; j++, at++) {
      tops[i] = Math.max(tops[i]!, logits[at]!);
      lowest = Math.min(lowest, logits[at]!);
    }
  }
  return { tops, top: tops.reduce((a, b) => Math.max(a, b), -Infinity), lowest };
}

/** `weight` times the mean of the cross-entropies of all rows or columns; adds up the slopes. */
function lineEntropies(
  [logits, slopes, [n]]: Parameters<ScorePass>,
  lines: 'rows' | 'columns',
  labels: Int32Array,
  weight: number,
): number {
  const [line, step] = lines === 'rows' ? [n, 1] : [1, n];
  const soft = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const first = i * line;
    let [count, matched] = [0, 0];
    for (let j = 0; j < n; j++) {
      soft[j] = logits[first + j * step]!;
      if (labels[j] !== labels[i]) continue;
      matched += soft[j]!;
      count += 1;
    }
    total += softmaxInPlace(soft) - matched / count;
    for (let j = 0; j < n; j++) {
      const slope = labels[j] === labels[i] ? soft[j]! - 1 / count : soft[j]!;
      slopes[first + j * step]! += (weight / n) * slope;
    }
  }
  return (weight / n) * total;
}
