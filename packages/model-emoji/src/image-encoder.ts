import type { Encoder, ImageBatch } from '@diptych/core';
import {
  type BiasedConv2d,
  biasedConv2dSpec,
  conv2d,
  globalAveragePool,
  type LayerNorm,
  layerNorm,
  layerNormSpec,
  linear,
  type Linear,
  linearSpec,
  normal,
  type ParamsOf,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { EmojiConfig } from './config.ts';

const epsilon = 1e-5;

type Block = { readonly norm: LayerNorm; readonly conv: BiasedConv2d; readonly mix: Linear };
type Stage = { readonly shrink: Linear; readonly blocks: readonly Block[] };

export type ImageTower = {
  readonly stem: BiasedConv2d;
  readonly stages: readonly Stage[];
  readonly norm: LayerNorm;
  readonly head: Linear;
};

export function imageSpec({ dim, image: { stem, widths, blocks } }: EmojiConfig): ImageTower {
  return {
    stem: biasedConv2dSpec(3, 12, stem),
    stages: widths.map((width, i) => ({
      shrink: linearSpec(4 * (widths[i - 1] ?? stem), width),
      blocks: Array.from({ length: blocks[i]! }, () => blockSpec(width)),
    })),
    norm: layerNormSpec(widths.at(-1)!),
    head: linearSpec(widths.at(-1)!, dim),
  };
}

function blockSpec(width: number): Block {
  return {
    norm: layerNormSpec(width),
    conv: biasedConv2dSpec(3, width, width),
    mix: linearSpec(width, width, normal(0.5 * width ** -0.5)),
  };
}

/** Residual convolutions, without strides: each stage begins by laying 2 x 2 pixels side by side. */
export function imageEncoder(config: EmojiConfig, params: ParamsOf<ImageTower>): Encoder<ImageBatch> {
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward({ pixels, shape }) {
      const stem = tf.relu(conv2d(params.stem, fold(tf.tensor4d(pixels, [...shape])), { padding: 1 }));
      const x = params.stages.reduce(stage, stem);
      return linear(params.head, layerNorm(params.norm, globalAveragePool(x), epsilon));
    },
  };
}

function stage(x: tf.Tensor4D, { shrink, blocks }: ParamsOf<Stage>): tf.Tensor4D {
  return blocks.reduce(block, linear(shrink, fold(x)));
}

function block(x: tf.Tensor4D, { norm, conv, mix }: ParamsOf<Block>): tf.Tensor4D {
  const met = tf.relu(conv2d(conv, layerNorm(norm, x, epsilon), { padding: 1 }));
  return linear(mix, met, { residual: x });
}

/** `[n, height, width, channels]` to `[n, height / 2, width / 2, 4 * channels]`. */
function fold(x: tf.Tensor4D): tf.Tensor4D {
  const [n, height, width, channels] = x.shape;
  const pairs = tf.reshape<tf.Rank.R4>(x, [(n * height) / 2, 2, width / 2, 2 * channels]);
  return tf.reshape(tf.transpose(pairs, [0, 2, 1, 3]), [n, height / 2, width / 2, 4 * channels]);
}
