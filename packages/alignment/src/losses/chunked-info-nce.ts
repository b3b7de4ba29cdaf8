import * as tf from '@tensorflow/tfjs-core';
import { type Block, blockLoss, type BlockLoss } from './blocks.ts';
import { maxScale } from './info-nce.ts';
import { expectPairs, scaleOf } from './pairs.ts';
import { softmaxInPlace } from './score-pass.ts';

/**
 * `infoNce` that never holds the `[n, n]` scores: columns come in chunks, once for the loss and once for the gradient.
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
  // `log Σ exp` of the logits along rows and along columns.
  const [rows, columns] = [new Float64Array(n).fill(-Infinity), new Float64Array(n)];
  return {
    loss: (blocks) => {
      let matched = 0;
      blocks((block) => {
        addLogSums(block, scale, rows, columns);
        for (let j = 0; j < block.count; j++) matched += scale * block.scores[(block.at + j) * block.count + j]!;
      });
      const sums = rows.reduce((total, sum, i) => total + sum + columns[i]!, 0);
      return (sums / 2 - matched) / n;
    },
    slopes: ({ at, count, scores }, to) => {
      for (let i = 0, place = 0; i < n; i++) {
        for (let j = at; j < at + count; j++, place++) {
          const logit = scale * scores[place]!;
          const soft = Math.exp(logit - rows[i]!) + Math.exp(logit - columns[j]!);
          to[place] = (soft - (i === j ? 2 : 0)) / (2 * n);
        }
      }
    },
  };
}

/** Those of a block's columns are whole; its rows' are added to what is there. */
function addLogSums({ at, count, scores }: Block, scale: number, rows: Float64Array, columns: Float64Array): void {
  const [row, column] = [new Float64Array(count), new Float64Array(rows.length)];
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < count; j++) row[j] = scale * scores[i * count + j]!;
    const pair = Float64Array.of(rows[i]!, softmaxInPlace(row));
    rows[i] = softmaxInPlace(pair);
  }
  for (let j = 0; j < count; j++) {
    for (let i = 0; i < rows.length; i++) column[i] = scale * scores[i * count + j]!;
    columns[at + j] = softmaxInPlace(column);
  }
}
