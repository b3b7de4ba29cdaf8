import { gatherRows } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Block, eachBlock } from './blocks.ts';
import type { HingeOptions } from './hinge.ts';
import { expectLabels, ownLabels } from './label-masks.ts';
import { expectPairs, type Labels } from './pairs.ts';
import { unrecorded } from './score-pass.ts';

/**
 * `vsepp` that never holds the `[n, n]` scores: the hardest negatives are searched chunk by chunk, then only they are
 * scored again.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param chunk Number of columns held at a time.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function chunkedVsepp(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  chunk: number,
  { margin = 0.2, labels = ownLabels(a.shape[0]) }: HingeOptions = {},
): tf.Scalar {
  expectPairs(a, b);
  expectLabels(labels, a.shape[0]);
  const { ofRows, ofColumns } = hardestNegatives(a, b, chunk, labels);
  const matched = tf.sum(tf.mul(a, b), -1);
  const costs = [
    tf.sum(tf.mul(a, gatherRows(b, ofRows.at)), -1),
    tf.sum(tf.mul(b, gatherRows(a, ofColumns.at)), -1),
  ].map((scores, side) => {
    const found = [ofRows, ofColumns][side]!.best.map((score) => (score > -Infinity ? 1 : 0));
    return tf.mul(tf.relu(tf.add(tf.sub(scores, matched), margin)), tf.tensor1d([...found]));
  });
  return tf.sum(tf.add(costs[0]!, costs[1]!));
}

/** The best score of each query so far, and where. Queries without a negative stay at minus infinity. */
interface Hardest {
  readonly best: Float64Array;
  readonly at: Int32Array;
}

/** The first of equal ones, as in `vsepp`. */
function hardestNegatives(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  chunk: number,
  labels: Labels,
): { readonly ofRows: Hardest; readonly ofColumns: Hardest } {
  const n = a.shape[0];
  const empty = (): Hardest => ({ best: new Float64Array(n).fill(-Infinity), at: new Int32Array(n) });
  const [ofRows, ofColumns] = [empty(), empty()];
  const take = (to: Hardest, query: number, candidate: number, score: number) => {
    if (!(score > to.best[query]!)) return;
    to.best[query] = score;
    to.at[query] = candidate;
  };
  const read = ({ at, count, scores }: Block) => {
    for (let row = 0, place = 0; row < n; row++) {
      for (let column = at; column < at + count; column++, place++) {
        if (labels[row] === labels[column]) continue;
        take(ofRows, row, column, scores[place]!);
        take(ofColumns, column, row, scores[place]!);
      }
    }
  };
  unrecorded(a, () => eachBlock(a, b, chunk, read));
  return { ofRows, ofColumns };
}
