import { EmbeddingError } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
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

/**
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `a` and `b` differ in shape or are no rows, `INPUT_INVALID` for what is no
 *   tensor of float32, or is disposed of.
 */
export function expectPairs(a: tf.Tensor2D, b: tf.Tensor2D): void {
  expectRows(a, 'loss: a');
  expectTensor(b, 'loss: b', a.shape);
}

/** @throws {EmbeddingError} as `expectPairs`, for what is no `[n, d]`. */
export function expectRows(x: tf.Tensor2D, where = 'loss: rows'): void {
  expectTensor(x, where, ['n', 'd']);
}

/** @throws {EmbeddingError} `INPUT_INVALID` for fewer than two rows, which do not vary. */
export function expectSeveral(x: tf.Tensor2D): void {
  expectRows(x);
  if (x.shape[0] > 1) return;
  throw new EmbeddingError('INPUT_INVALID', { where: 'loss: rows', expected: 'at least two', got: x.shape });
}

/** @throws {EmbeddingError} as `expectPairs`, for what is neither a number nor a scalar. */
export function expectScalar(value: tf.Tensor | number, where: string): void {
  if (typeof value !== 'number') expectTensor(value, where, []);
}

/** Sum of all entries, row by row: wasm adds them one after another in float32, and 16,000 in one go lose 1.5e-4. */
export function total(x: tf.Tensor2D): tf.Scalar {
  return tf.sum<tf.Scalar>(tf.sum(x, -1));
}

/** The scale of logits, `exp(logScale)`, at most `max`; beyond it the parameter gets no gradient. */
export function scaleOf(logScale: tf.Tensor | number, max: number = Infinity): tf.Tensor {
  expectScalar(logScale, 'loss: logScale');
  const scale = tf.exp(logScale);
  return Number.isFinite(max) ? tf.minimum(scale, max) : scale;
}
