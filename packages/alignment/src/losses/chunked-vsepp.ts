import { expectMembers, type ScoreBlock } from '@diptych/core';
import { customGradient } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { passOverBlocks } from './blocks.ts';
import type { HingeOptions } from './hinge.ts';
import { expectLabels, ownLabels } from './label-masks.ts';
import { expectPairs, type Labels } from './pairs.ts';
import { onlyOnce, runOver } from './score-pass.ts';

/**
 * `vsepp` that never holds the `[n, n]` scores: the hardest negatives are searched chunk by chunk, and they and the pairs are
 * all that has slopes.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param chunk Number of columns held at a time.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape, `CONFIG_INVALID` for another chunk than a whole
 *   number from 1.
 */
export function chunkedVsepp(a: tf.Tensor2D, b: tf.Tensor2D, chunk: number, options: HingeOptions = {}): tf.Scalar {
  const { margin = 0.2, ...given } = expectMembers(options, 'chunkedVsepp: options');
  expectPairs(a, b);
  const labels = given.labels ?? ownLabels(a.shape[0]);
  expectLabels(labels, a.shape[0]);
  return customGradient([a, b], (save, x, y) => {
    const { pairs, sides } = hardestNegatives(x, y, chunk, labels);
    const costs = sides.map(({ best }) =>
      best.map((score, i) => {
        const cost = margin + score - pairs[i]!;
        // NaN stays.
        return cost <= 0 ? 0 : cost;
      }),
    );
    save([x, y]);
    const gradFunc = (dy: tf.Tensor, rows: tf.Tensor[]) =>
      gradients(tf.concat2d(rows as tf.Tensor2D[], 0), sides, { costs, factor: onlyOnce(dy).dataSync()[0]! });
    return { value: tf.scalar(costs.flatMap((side) => [...side]).reduce((sum, cost) => sum + cost, 0)), gradFunc };
  });
}

/** The best score of each query so far, and where. Queries without a negative stay at minus infinity. */
interface Hardest {
  readonly best: Float64Array;
  readonly at: Int32Array;
}

/** The first of equal ones, as in `vsepp`, of rows and of columns; and what the pairs score. */
function hardestNegatives(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  chunk: number,
  labels: Labels,
): { readonly pairs: Float64Array; readonly sides: readonly [Hardest, Hardest] } {
  const n = a.shape[0];
  const empty = (): Hardest => ({ best: new Float64Array(n).fill(-Infinity), at: new Int32Array(n) });
  const [pairs, ofRows, ofColumns] = [new Float64Array(n), empty(), empty()];
  const take = (to: Hardest, query: number, candidate: number, score: number) => {
    if (!(score > to.best[query]!)) return;
    to.best[query] = score;
    to.at[query] = candidate;
  };
  const read = ({ at, count, scores }: ScoreBlock) => {
    for (let row = 0, place = 0; row < n; row++) {
      for (let column = at; column < at + count; column++, place++) {
        if (row === column) pairs[row] = scores[place]!;
        if (labels[row] === labels[column]) continue;
        take(ofRows, row, column, scores[place]!);
        take(ofColumns, column, row, scores[place]!);
      }
    }
  };
  passOverBlocks(a, b, { chunk, read, gradients: false });
  return { pairs, sides: [ofRows, ofColumns] };
}

/**
 * By `a` and by `b`, which stand below one another in `rows`. A query is drawn to its pair and from its negative, and these the
 * other way.
 */
function gradients(
  rows: tf.Tensor2D,
  sides: readonly Hardest[],
  { costs, factor }: { readonly costs: readonly Float64Array[]; readonly factor: number },
): tf.Tensor[] {
  const [n, d] = [rows.shape[0] / 2, rows.shape[1]];
  const slopes = runOver(rows, (values, to) => {
    const add = (i: number, j: number, times: number) => {
      for (let k = 0; k < d; k++) {
        to[i * d + k]! += times * values[j * d + k]!;
        to[j * d + k]! += times * values[i * d + k]!;
      }
    };
    const counts = new Int32Array(n);
    for (const [side, { at }] of sides.entries()) {
      for (let i = 0; i < n; i++) {
        if (costs[side]![i] === 0) continue;
        if (side === 0) add(i, n + at[i]!, factor);
        else add(n + i, at[i]!, factor);
        counts[i]! += 1;
      }
    }
    for (let i = 0; i < n; i++) add(i, n + i, -factor * counts[i]!);
  });
  return tf.split(slopes, 2);
}
