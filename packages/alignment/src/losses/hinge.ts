import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { atIndex, expectLabels, ownLabels, sameLabel } from './label-masks.ts';
import { diagonal, type Labels, total, withoutGradient } from './pairs.ts';

export interface HingeOptions {
  /** How much better than a negative a pair must score. */
  readonly margin?: number;
  /** Rows with one label, such as captions of one image, are never negatives of each other. Default: all differ. */
  readonly labels?: Labels;
}

/** What becomes of the costs of one query, `[queries, candidates]`, none below 0. */
export type HingeReduction = (costs: tf.Tensor2D) => tf.Scalar;

/** All of them. */
export const everyNegative: HingeReduction = total;

/** The highest, the first of equal ones. */
export const hardestNegative: HingeReduction = (costs) => {
  const chosen = withoutGradient(costs, (x) => atIndex(tf.argMax(x, -1), x));
  return total(tf.mul(costs, chosen));
};

/**
 * The `count` highest of each query; of equal ones, the last of them counts with all that equal it.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` when the count is not a whole number from 1.
 */
export function hardestNegatives(count: number): HingeReduction {
  if (!Number.isInteger(count) || count < 1) {
    throw new EmbeddingError('CONFIG_INVALID', `negatives: expected a whole number from 1, got ${count}`);
  }
  if (count === 1) return hardestNegative;
  return (costs) => {
    if (count >= costs.shape[1]) return everyNegative(costs);
    return total(
      tf.mul(
        costs,
        withoutGradient(costs, (x) => amongHighest(x, count)),
      ),
    );
  };
}

/** Part of a run after which `fallingNegatives` leaves the hardest alone. */
const alone = 0.75;

/**
 * How many of the hardest negatives of each query count: all others of a batch at first, fewer by the same factor in each
 * step, the hardest alone for the last quarter. Towers that know nothing yet can only move everything together for the
 * hardest alone, and collapse.
 *
 * @param progress The part of the run that is done, in `[0, 1]`.
 * @param size Rows of the batch.
 */
export function fallingNegatives(progress: number, size: number): number {
  return Math.max(1, Math.round((size - 1) ** Math.max(0, 1 - progress / alone)));
}

/** 1 where a value is among the `count` highest of its row, else 0. */
function amongHighest(x: tf.Tensor2D, count: number): tf.Tensor {
  const least = tf.min(tf.topk(x, count).values, -1, true);
  return tf.cast(tf.greaterEqual(x, least), 'float32');
}

/** Costs `max(0, margin + s[i, j] - s[i, i])` of the rows of `scores` as queries; 0 for no negatives. */
export function hingeCosts(scores: tf.Tensor2D, margin: number, labels?: Labels): tf.Tensor2D {
  const n = scores.shape[0];
  if (labels) expectLabels(labels, n);
  const same = sameLabel(labels ?? ownLabels(n), labels ?? ownLabels(n));
  const costs = tf.relu(tf.add(tf.sub(scores, tf.expandDims(diagonal(scores), 1)), margin));
  return tf.mul(costs, tf.sub(1, same));
}

/** The costs in both directions, **summed** over the batch: the learning rate depends on its size. */
export function hinge(scores: tf.Tensor2D, reduce: HingeReduction, margin: number, labels?: Labels): tf.Scalar {
  const [rows, columns] = [scores, tf.transpose(scores)].map((s) => reduce(hingeCosts(s, margin, labels)));
  return tf.add(rows!, columns!);
}
