import * as tf from '@tensorflow/tfjs-core';
import { eachBlock, logitGradients, pairsOf } from './blocks.ts';
import { maxScale } from './info-nce.ts';
import { expectPairs, scaleOf } from './pairs.ts';

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
  const n = a.shape[0];
  const operation = tf.customGrad((...given) => {
    const [x, y, scale, save] = given as unknown as [tf.Tensor2D, tf.Tensor2D, tf.Tensor, tf.GradSaveFunc];
    const [rows, columns] = logSums(x, y, scale, chunk);
    const matched = tf.mul(tf.sum(tf.mul(x, y), -1), scale);
    save([x, y, scale, rows, columns]);
    return {
      value: tf.mean(tf.sub(tf.div(tf.add(rows, columns), 2), matched)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [first, second, factor, rowSums, columnSums] = saved as [tf.Tensor2D, tf.Tensor2D, ...tf.Tensor[]];
        const found = logitGradients(first, second, factor!, chunk, (block) => {
          const logits = tf.mul(block.scores, factor!);
          const own = tf.slice(columnSums!, block.at, block.rows.shape[0]);
          const soft = tf.add(tf.exp(tf.sub(logits, tf.expandDims(rowSums!, 1))), tf.exp(tf.sub(logits, own)));
          return tf.div(tf.sub(soft, tf.mul(pairsOf(block), 2)), 2 * n);
        });
        return [found.a, found.b, found.scale].map((gradient) => tf.mul(gradient, dy));
      },
    };
  });
  return operation(a, b, scaleOf(logScale, maxScale)) as tf.Scalar;
}

/** `log Σ exp` of the logits along rows and along columns, both `[n]`. */
function logSums(a: tf.Tensor2D, b: tf.Tensor2D, scale: tf.Tensor, chunk: number): [tf.Tensor1D, tf.Tensor1D] {
  const parts = eachBlock(a, b, chunk, ({ scores }) => {
    const logits = tf.mul(scores, scale);
    return { rows: tf.logSumExp<tf.Tensor1D>(logits, 1), columns: tf.logSumExp<tf.Tensor1D>(logits, 0) };
  });
  const rows = tf.logSumExp<tf.Tensor1D>(tf.stack(parts.map((part) => part.rows)), 0);
  return [rows, tf.concat1d(parts.map((part) => part.columns))];
}
