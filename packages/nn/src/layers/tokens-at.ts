import * as tf from '@tensorflow/tfjs-core';
import { gatherRows } from './gather-rows.ts';

/** One token of each item of `x` `[n, length, width]`, that at its position: `[n, 1, width]`. */
export function tokensAt(x: tf.Tensor3D, positions: readonly number[]): tf.Tensor3D {
  const [n, length, width] = x.shape;
  const rows = tf.reshape<tf.Rank.R2>(x, [n * length, width]);
  const indices = Int32Array.from(positions, (position, i) => i * length + position);
  return tf.reshape(gatherRows(rows, indices), [n, 1, width]);
}
