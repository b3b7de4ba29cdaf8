import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';
import { normal, zeros } from '../spec/initializer.ts';
import { linear } from './linear.ts';
import { type Resize, resizeMatrix } from './resize-matrix.ts';
import { factor, param, type Param, type ParamsOf } from '../spec/spec.ts';

export type PatchProjection = { readonly weight: Param<readonly [number, number, number, number]> };
export type PatchEmbedding = PatchProjection & { readonly bias: Param<readonly [number]> };

/** Weight `[patch, patch, channels, width]`, without a bias, as CLIP has it. */
export function patchProjectionSpec(patch: number, channels: number, width: number): PatchProjection {
  const std = (patch * patch * channels) ** -0.5;
  return { weight: factor([patch, patch, channels, width], normal(std), [2, 3, 1, 0]) };
}

export function patchEmbeddingSpec(patch: number, channels: number, width: number): PatchEmbedding {
  return { ...patchProjectionSpec(patch, channels, width), bias: param([width], zeros) };
}

/**
 * One row for each square patch, left to right and top to bottom: a convolution whose stride is its size, as one matrix
 * product. What is left over at the right and at the bottom is dropped.
 *
 * @param pixels `[n, height, width, channels]`.
 * @returns `[n, patches, width]`.
 */
export function patchEmbedding(
  params: ParamsOf<PatchProjection> & Partial<ParamsOf<PatchEmbedding>>,
  pixels: tf.Tensor4D,
): tf.Tensor3D {
  const { weight, bias } = expectMembers(params, 'parameters', 'weight');
  const [patch, , channels, width] = weight.shape;
  const flat = tf.reshape<tf.Rank.R2>(weight, [patch * patch * channels, width]);
  return linear(bias ? { weight: flat, bias } : { weight: flat }, patchify(pixels, patch));
}

/**
 * `[n, height, width, channels]` to `[n, patches, patch * patch * channels]`, left to right and top to bottom; what is left over at the
 * right and at the bottom is dropped.
 */
export function patchify(pixels: tf.Tensor4D, patch: number): tf.Tensor3D {
  expectMembers(pixels, 'patchify: pixels', 'shape');
  const fused = runFused('DiptychPatchify', { pixels }, { patch });
  if (fused) return fused as tf.Tensor3D;
  const [n, height, width, channels] = pixels.shape;
  const [rows, columns] = [Math.floor(height / patch), Math.floor(width / patch)];
  const whole = tf.slice(pixels, [0, 0, 0, 0], [n, rows * patch, columns * patch, channels]);
  // [n, rows, patch, columns, patch * channels] to [n, rows, columns, patch, patch * channels]
  const split = tf.transpose(tf.reshape(whole, [n, rows, patch, columns, patch * channels]), [0, 1, 3, 2, 4]);
  return tf.reshape(split, [n, rows * columns, patch * patch * channels]);
}

/**
 * Whose way of resizing: `hf` is transformers' `interpolate_pos_encoding`, `open_clip` its `resize_pos_embed`, both cubic;
 * `naflex` is the linear one of SigLIP 2.
 */
export type PositionResize = 'hf' | 'open_clip' | 'naflex';

const resizes: Readonly<Record<PositionResize, Resize>> = {
  hf: { a: -0.75, antialias: false },
  open_clip: { a: -0.5, antialias: true },
  naflex: { antialias: true },
};

export type Grid = readonly [rows: number, columns: number];

/** Position embeddings `[rows * columns, width]` of one grid for another; the same tensor where the grids agree. */
export function resizePositions(positions: tf.Tensor2D, from: Grid, to: Grid, how: PositionResize): tf.Tensor2D {
  expectMembers(positions, 'resizePositions: positions', 'shape');
  if (from[0] === to[0] && from[1] === to[1]) return positions;
  const vertical = resizeMatrix(from[0], to[0], resizes[how]);
  const horizontal = resizeMatrix(from[1], to[1], resizes[how]);
  return tf.matMul(outer(vertical, horizontal, from, to), positions);
}

/** `[to rows * to columns, from rows * from columns]`, the product of the weights of both directions. */
function outer(vertical: Float32Array, horizontal: Float32Array, from: Grid, to: Grid): tf.Tensor2D {
  const shape = [to[0], to[1], from[0], from[1]] as const;
  const byRow = tf.tensor4d(vertical, [to[0], 1, from[0], 1]);
  const byColumn = tf.tensor4d(horizontal, [1, to[1], 1, from[1]]);
  return tf.reshape(tf.mul(byRow, byColumn), [shape[0] * shape[1], shape[2] * shape[3]]);
}
