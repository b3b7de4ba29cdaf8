import type { LineSums } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { blockLoss, type BlockLoss } from './block-loss.ts';
import { totalLogSum } from './cross-entropy.ts';
import { maxScale } from './info-nce.ts';
import { expectPairs, scaleOf } from './pairs.ts';

/**
 * `infoNce` that never holds the `[n, n]` scores of a large batch: columns come in chunks, twice, since the slopes of one depend
 * on all; scores of no more columns than a row has numbers are held between.
 *
 * @param a `[n, d]` unit rows.
 * @param b `[n, d]` unit rows; row `i` matches row `i` of `a`.
 * @param logScale As of `infoNce`.
 * @param chunk Number of columns held at a time.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function chunkedInfoNce(a: tf.Tensor2D, b: tf.Tensor2D, logScale: tf.Tensor | number, chunk: number): tf.Scalar {
  expectPairs(a, b);
  return blockLoss([a, b, scaleOf(logScale, maxScale), tf.scalar(0)], chunk, (scale) => infoNceOf(a.shape[0], scale));
}

function infoNceOf(n: number, scale: number): BlockLoss {
  const rows: LineSums = { tops: new Float64Array(n).fill(-Infinity), sums: new Float64Array(n) };
  const columns = new Map<number, LineSums>();
  const weights = [0.5 / n, 0.5 / n] as const;
  return {
    read: ({ at, count, scores, passes }) => {
      const found = passes.softmaxSums(scores, count, scale);
      addSums(rows, found.rows);
      columns.set(at, found.columns);
    },
    slopes: ({ at, count, scores, passes }, to) => {
      const ofColumns = columns.get(at)!;
      const sums = { rows, columns: ofColumns };
      let along = passes.softmaxSlopes(scores, to, { scale, sums, weights });
      let loss = 0.5 * totalLogSum(ofColumns) + (at === 0 ? 0.5 * totalLogSum(rows) : 0);
      for (let j = 0; j < count; j++) {
        const pair = (at + j) * count + j;
        to[pair]! -= 1 / n;
        along -= scores[pair]! / n;
        loss -= scale * scores[pair]!;
      }
      return { loss: loss / n, scale: along, bias: 0 };
    },
  };
}

/** Those of more columns to those of the same rows. */
function addSums({ tops, sums }: LineSums, more: LineSums): void {
  for (let i = 0; i < tops.length; i++) {
    const top = Math.max(tops[i]!, more.tops[i]!);
    sums[i] = sums[i]! * Math.exp(tops[i]! - top) + more.sums[i]! * Math.exp(more.tops[i]! - top);
    tops[i] = top;
  }
}
