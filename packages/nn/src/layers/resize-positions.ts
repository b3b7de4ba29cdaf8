import * as tf from '@tensorflow/tfjs-core';
import { type CubicResize, resizeMatrix } from './resize-matrix.ts';

/** Whose way of resizing: `hf` is transformers' `interpolate_pos_encoding`, `open_clip` its `resize_pos_embed`. */
export type PositionResize = 'hf' | 'open_clip';

const cubics: Readonly<Record<PositionResize, CubicResize>> = {
  hf: { a: -0.75, antialias: false },
  open_clip: { a: -0.5, antialias: true },
};

export type Grid = readonly [rows: number, columns: number];

/** Position embeddings `[rows * columns, width]` of one grid for another; the same tensor where the grids agree. */
export function resizePositions(positions: tf.Tensor2D, from: Grid, to: Grid, how: PositionResize): tf.Tensor2D {
  if (from[0] === to[0] && from[1] === to[1]) return positions;
  const vertical = resizeMatrix(from[0], to[0], cubics[how]);
  const horizontal = resizeMatrix(from[1], to[1], cubics[how]);
  return tf.matMul(outer(vertical, horizontal, from, to), positions);
}

/** `[to rows * to columns, from rows * from columns]`, the product of the weights of both directions. */
function outer(vertical: Float32Array, horizontal: Float32Array, from: Grid, to: Grid): tf.Tensor2D {
  const shape = [to[0], to[1], from[0], from[1]] as const;
  const byRow = tf.tensor4d(vertical, [to[0], 1, from[0], 1]);
  const byColumn = tf.tensor4d(horizontal, [1, to[1], 1, from[1]]);
  return tf.reshape(tf.mul(byRow, byColumn), [shape[0] * shape[1], shape[2] * shape[3]]);
}
