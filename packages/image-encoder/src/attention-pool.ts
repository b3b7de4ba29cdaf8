import {
  type Attention,
  attentionSpec,
  crossAttention,
  fine,
  linearSpec,
  normal,
  param,
  type Param,
  type ParamsOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Attention pooling of CLIP's residual networks: the mean asks all pixels. */
export type AttentionPool = {
  /** `[1 + height * width, width]`, the mean's first. */
  readonly positions: Param<readonly [number, number]>;
  readonly attention: Attention;
};

export function attentionPoolSpec(pixels: number, width: number, dim: number): AttentionPool {
  const std = width ** -0.5;
  return {
    positions: param([1 + pixels, width], normal(std)),
    attention: { ...attentionSpec(width), outProj: fine(linearSpec(width, dim, normal(std))) },
  };
}

/** `[n, height, width, channels]` to `[n, dim]`. */
export function attentionPool(
  { positions, attention }: ParamsOf<AttentionPool>,
  x: tf.Tensor4D,
  heads: number,
): tf.Tensor2D {
  const [n, height, width, channels] = x.shape;
  const pixels = tf.reshape<tf.Rank.R3>(x, [n, height * width, channels]);
  const tokens = tf.add<tf.Tensor3D>(tf.concat([tf.mean<tf.Tensor3D>(pixels, 1, true), pixels], 1), positions);
  const mean = tf.slice(tokens, [0, 0, 0], [-1, 1, -1]);
  return tf.squeeze(crossAttention(attention, mean, tokens, { heads }), [1]);
}
