import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** Rows that are kept in integers. */
export interface RoundedTable {
  readonly shape: readonly [rows: number, width: number];
  /** `[indices.length, width]`, float32. */
  rows(indices: Int32Array): tf.Tensor2D;
}

/** `[rows, width]`. */
export type LookupTable = tf.Tensor2D | RoundedTable;

/** Rows of `x` `[n, width]` in the order of `indices`, as in an embedding table; `[indices.length, width]`. */
export function gatherRows(x: LookupTable, indices: Int32Array): tf.Tensor2D {
  expectMembers(x, 'x', 'shape');
  return x instanceof tf.Tensor ? tf.gather(x, tf.tensor1d(indices, 'int32')) : x.rows(indices);
}
