import { expectList, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { gatherRows } from './gather-rows.ts';

/**
 * Items whose tokens stand one after another in `x` `[1, tokens, width]` as `[n, length, width]`; what stands behind the end of
 * one means nothing.
 *
 * @param lengths Tokens of each item, at least one.
 */
export function unpackTokens(x: tf.Tensor3D, lengths: readonly number[], length: number): tf.Tensor3D {
  const { shape } = expectMembers(x, 'x', 'shape');
  expectList(lengths, 'unpackTokens: lengths');
  const starts = startsOf(lengths);
  const places = lengths.flatMap((own, i) => Array.from({ length }, (_, at) => starts[i]! + Math.min(at, own - 1)));
  const rows = gatherRows(tf.reshape(x, [-1, shape[2]]), Int32Array.from(places));
  return tf.reshape(rows, [lengths.length, length, shape[2]]);
}

/** Where each item begins. */
export function startsOf(lengths: readonly number[]): number[] {
  expectList(lengths, 'startsOf: lengths');
  let end = 0;
  return lengths.map((length) => (end += length) - length);
}
