import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  batchNorm,
  type BiasedConv2d,
  biasedConv2dSpec,
  conv2d,
  fine,
  gelu,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  type Linear,
  linearSpec,
  type NameTable,
  normal,
  param,
  type Param,
  type ParamsOf,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type ConvUnit, convUnitNames, convUnitSpec } from './conv-unit.ts';
import { type PatchGrid, patchGrid, pixelsOf, positionsFor } from './image-batch.ts';

/** The image tower of MobileCLIP-B, Vasu et al. 2023, arXiv:2311.17049: patches of 16 pixels by three convolutions. */
export interface MobileClipVitConfig extends TransformerConfig, Omit<PatchGrid, 'patchSize'> {
  /** Channels of the first two convolutions; a quarter of `width` in MobileCLIP-B. */
  readonly stemWidth: number;
  /** Length of an embedding. */
  readonly dim: number;
}

export type MobileClipVit = {
  /** Filters of 4 and 2 pixels side by side. */
  readonly stem: readonly ConvUnit[];
  /** Filters of 2 pixels side by side. */
  readonly patchEmbedding: BiasedConv2d;
  /** `[width]`, the token that becomes the embedding; it has no position. */
  readonly classToken: Param<readonly [number]>;
  /** `[patches, width]`. */
  readonly positions: Param<readonly [number, number]>;
  readonly blocks: readonly TransformerBlock[];
  readonly norm: LayerNorm;
  readonly head: Linear;
};

const patchSize = 16;

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function mobileClipVitSpec(config: MobileClipVitConfig): MobileClipVit {
  const { width, stemWidth, imageSize, dim } = expectMembers(
    config,
    'config',
    'width',
    'stemWidth',
    'imageSize',
    'dim',
  );
  return {
    stem: [convUnitSpec(4, 3, stemWidth), convUnitSpec(2, stemWidth, stemWidth)],
    patchEmbedding: biasedConv2dSpec(2, stemWidth, width),
    classToken: param([width], normal(0.02)),
    positions: param([Math.floor(imageSize / patchSize) ** 2, width], normal(0.02)),
    blocks: transformerSpec(config),
    norm: layerNormSpec(width),
    head: fine(linearSpec(width, dim, normal(0.02))),
  };
}

/**
 * Images of any size that patches of 16 pixels cover; for other sizes than `imageSize` the position embeddings are
 * resized.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 */
export function mobileClipVit(config: MobileClipVitConfig, params: ParamsOf<MobileClipVit>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      const classAt = Array.from({ length: batch.shape[0] }, () => 0);
      const tokens = transformer(config, params.blocks, firstTokens(config, params, batch), { at: classAt });
      const pooled = tf.squeeze<tf.Tensor2D>(tokens, [1]);
      return linear(params.head, layerNorm(params.norm, pooled, config.layerNormEpsilon));
    },
  };
}

function firstTokens(config: MobileClipVitConfig, params: ParamsOf<MobileClipVit>, batch: ImageBatch): tf.Tensor3D {
  const { width } = config;
  const grid = { ...config, patchSize };
  const positions = positionsFor(params.positions, patchGrid(batch, grid), grid);
  const steps = params.stem.map(({ conv, norm }) => (x: tf.Tensor4D) => {
    return gelu(batchNorm(norm, conv2d(conv, x, { stride: conv.weight.shape[0] }), 1e-5));
  });
  const stem = inTurn(steps, pixelsOf(batch));
  const map = conv2d(params.patchEmbedding, stem, { stride: 2 });
  const patches = tf.add<tf.Tensor3D>(tf.reshape(map, [batch.shape[0], -1, width]), positions);
  const classTokens = tf.tile(tf.reshape<tf.Rank.R3>(params.classToken, [1, 1, width]), [batch.shape[0], 1, 1]);
  return tf.concat([classTokens, patches], 1);
}

const trunk = 'visual.trunk';

/** open_clip with timm's `vit_base_mci_224`. */
export const openClipMobileClipVitNames: NameTable = {
  names: {
    ...convUnitNames('stem.*', `${trunk}.patch_embed.backbone.*.conv`, `${trunk}.patch_embed.backbone.*.bn`),
    patchEmbedding: `${trunk}.patch_embed.backbone.2.conv`,
    classToken: `${trunk}.cls_token`,
    positions: `${trunk}.pos_embed`,
    'blocks.*': `${trunk}.blocks.*`,
    'blocks.*.attention.inProj': `${trunk}.blocks.*.attn.qkv`,
    'blocks.*.attention.outProj': `${trunk}.blocks.*.attn.proj`,
    norm: `${trunk}.norm`,
    head: `${trunk}.head`,
  },
  ignore: ['**.num_batches_tracked'],
};
