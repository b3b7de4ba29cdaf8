import { EmbeddingError, expectMembers } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { expectLabels, ownLabels } from './label-masks.ts';
import { expectRows, type Labels } from './pairs.ts';
import { passOver, type ScorePass } from './score-pass.ts';

export interface HingeOptions {
  /** How much better than a negative a pair must score. */
  readonly margin?: number;
  /** Rows with one label, such as captions of one image, are never negatives of each other. Default: all differ. */
  readonly labels?: Labels;
}

export interface MiningOptions extends HingeOptions {
  /**
   * How many of the hardest negatives of each query count, 1 or more, `Infinity` for all; default 1. Of equal ones, the
   * first counts where one does, else the last of them with all that equal it.
   */
  readonly negatives?: number;
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

/**
 * Costs `max(0, margin + s[i, j] - s[i, i])` of scores `[n, n]`, of rows as queries and of columns, **summed** over the
 * batch: the learning rate depends on its size.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` when `negatives` is neither a whole number from 1 nor `Infinity`,
 *   `SHAPE_MISMATCH` when there is not one label for each row.
 */
export function hinge(scores: tf.Tensor2D, options: MiningOptions & { readonly margin: number }): tf.Scalar {
  expectMembers(options, 'hinge: options', 'margin');
  const rule = ruleOf(options, scores);
  return passOver(scores, (...matrix) => costsOf(matrix, 'rows', rule) + costsOf(matrix, 'columns', rule));
}

/** The same with rows as queries alone. */
export function rowHinge(scores: tf.Tensor2D, options: MiningOptions & { readonly margin: number }): tf.Scalar {
  const rule = ruleOf(options, scores);
  return passOver(scores, (...matrix) => costsOf(matrix, 'rows', rule));
}

interface Rule {
  readonly margin: number;
  readonly labels: Int32Array;
  readonly negatives: number;
}

function ruleOf(
  { margin, negatives = 1, ...given }: MiningOptions & { readonly margin: number },
  scores: tf.Tensor2D,
): Rule {
  expectRows(scores, 'loss: scores');
  const [n] = scores.shape;
  expectTensor(scores, 'loss: scores', [n, n]);
  const labels = given.labels ?? ownLabels(n);
  expectLabels(labels, n);
  if (negatives !== Infinity && (!Number.isInteger(negatives) || negatives < 1)) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'negatives',
      expected: 'a whole number from 1',
      got: negatives,
    });
  }
  return { margin, labels: Int32Array.from(labels), negatives };
}

/** What all queries cost; adds up the slopes. */
function costsOf(
  [scores, slopes, [n]]: Parameters<ScorePass>,
  queries: 'rows' | 'columns',
  { margin, labels, negatives }: Rule,
): number {
  const [query, candidate] = queries === 'rows' ? [n, 1] : [1, n];
  const costs = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const [first, pair] = [i * query, i * (n + 1)];
    const above = margin - scores[pair]!;
    for (let j = 0; j < n; j++) {
      const cost = labels[i] === labels[j] ? 0 : above + scores[first + j * candidate]!;
      // NaN stays.
      costs[j] = cost <= 0 ? 0 : cost;
    }
    const [from, end, least] = counted(costs, negatives);
    for (let j = from; j < end; j++) {
      if (costs[j]! < least || costs[j] === 0) continue;
      total += costs[j]!;
      slopes[first + j * candidate]! += 1;
      slopes[pair]! -= 1;
    }
  }
  return total;
}

/** Which costs count: those from one place to before another that are not below the last number. */
function counted(costs: Float64Array, negatives: number): [from: number, end: number, least: number] {
  if (negatives >= costs.length) return [0, costs.length, 0];
  if (negatives > 1) return [0, costs.length, highest(costs.slice(), negatives)];
  let at = 0;
  // NaN is the highest.
  for (let j = 1; j < costs.length; j++) if (!(costs[j]! <= costs[at]!) && !Number.isNaN(costs[at])) at = j;
  return [at, at + 1, 0];
}

/** The number `count` from the top, of numbers that are put in another order: Hoare's search. */
function highest(x: Float64Array, count: number): number {
  let [from, end] = [0, x.length - 1];
  while (from < end) {
    const pivot = x[(from + end) >> 1]!;
    let [i, j] = [from, end];
    while (i <= j) {
      while (x[i]! > pivot) i++;
      while (x[j]! < pivot) j--;
      if (i > j) break;
      [x[i], x[j]] = [x[j]!, x[i]!];
      i++;
      j--;
    }
    if (count - 1 <= j) end = j;
    else if (count - 1 >= i) from = i;
    else break;
  }
  return x[count - 1]!;
}
