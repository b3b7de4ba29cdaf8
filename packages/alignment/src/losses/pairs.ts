import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** A number for each row; rows with the same number belong together. */
export type Labels = ArrayLike<number>;

/** A loss of two batches in which row `i` of one belongs to row `i` of the other. */
export type PairLoss = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Scalar;

/**
 * Dot product of every row of `a` with every row of `b`; pairs lie on the diagonal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape.
 */
export function pairScores(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  expectPairs(a, b);
  return tf.matMul(a, b, false, true);
}

/** @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape. */
export function expectPairs(a: tf.Tensor2D, b: tf.Tensor2D): void {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1]) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'loss',
      expected: 'two of one shape',
      got: `[${a.shape}] and [${b.shape}]`,
    });
  }
}

/** @throws {EmbeddingError} `INPUT_INVALID` for fewer than two rows, which do not vary. */
export function expectSeveral(x: tf.Tensor2D): void {
  if (x.shape[0] > 1) return;
  throw new EmbeddingError('INPUT_INVALID', { where: 'loss', expected: 'at least two rows', got: x.shape });
}

/** Sum of all entries, row by row: wasm adds them one after another in float32, and 16,000 in one go lose 1.5e-4. */
export function total(x: tf.Tensor2D): tf.Scalar {
  return tf.sum<tf.Scalar>(tf.sum(x, -1));
}

/** The scale of logits, `exp(logScale)`, at most `max`; beyond it the parameter gets no gradient. */
export function scaleOf(logScale: tf.Tensor | number, max: number = Infinity): tf.Tensor {
  const scale = tf.exp(logScale);
  return Number.isFinite(max) ? tf.minimum(scale, max) : scale;
}
