import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.ts';

/** Rows that are kept in fewer bytes than float32. */
export interface CompressedTable {
  readonly shape: readonly [rows: number, width: number];
  /** `[indices.length, width]`, float32. */
  rows(indices: Int32Array): tf.Tensor2D;
}

/** `[rows, width]`. */
export type LookupTable = tf.Tensor2D | CompressedTable;

/**
 * Rows of `x` `[n, width]` in the order of `indices`, as in an embedding table; `[indices.length, width]`. Differentiates
 * on every backend, where `tf.gather` does not.
 */
export function gatherRows(x: LookupTable, indices: Int32Array): tf.Tensor2D {
  if (!(x instanceof tf.Tensor)) return x.rows(indices);
  const forward = (rows: tf.Tensor2D) => tf.gather(rows, tf.tensor1d(indices, 'int32'));
  return withGradient(x, forward, (dy) =>
    tf.scatterND(tf.tensor2d(indices, [indices.length, 1], 'int32'), dy, x.shape),
  );
}
