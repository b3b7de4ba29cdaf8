import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  type Block,
  fine,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  type Linear,
  linearSpec,
  type NameTable,
  normal,
  param,
  type ParamsOf,
  patchProjectionSpec,
  preNormBlock,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { gridRotary } from './grid-rotary.ts';
import { type PatchGrid, patchGrid, type PlacedTokens, placedTokens } from './image-batch.ts';
import { mapHead, type MapHead, mapHeadSpec } from './map-head.ts';

/** The image tower of Perception Encoder, Bolya et al. 2025, arXiv:2504.13181: places are learned, and turned by besides. */
export interface PeCoreConfig extends TransformerConfig, PatchGrid {
  /** Whether a class token stands before the patches, which are counted from 1 then; the largest has none. */
  readonly classToken: boolean;
  /** Rows and columns of the grid to which places are scaled. */
  readonly reference: number;
  /** Width of the perceptron behind the pooling. */
  readonly poolWidth: number;
  /** Length of an embedding. */
  readonly dim: number;
}

export type PeCore = Omit<PlacedTokens, 'classToken'> &
  Partial<Pick<PlacedTokens, 'classToken'>> & {
    readonly preNorm: LayerNorm;
    readonly blocks: readonly TransformerBlock[];
    readonly postNorm: LayerNorm;
    readonly pool: MapHead;
    readonly head: Linear;
  };

/** Heads of the pooling, whatever the blocks have. */
const poolHeads = 8;

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function peCoreSpec(config: PeCoreConfig): PeCore {
  const { width, patchSize, imageSize, poolWidth, dim } = expectMembers(
    config,
    'config',
    'width',
    'patchSize',
    'imageSize',
    'poolWidth',
    'dim',
  );
  const init = normal(0.02);
  const patches = Math.floor(imageSize / patchSize) ** 2;
  return {
    patchEmbedding: patchProjectionSpec(patchSize, 3, width),
    ...(config.classToken && { classToken: param([width], init) }),
    positions: param([patches + (config.classToken ? 1 : 0), width], init),
    preNorm: layerNormSpec(width),
    blocks: transformerSpec(config),
    postNorm: layerNormSpec(width),
    pool: mapHeadSpec({ width, mlpWidth: poolWidth }),
    head: fine(linearSpec(width, dim, init)),
  };
}

/**
 * Images of any size that whole patches cover; for other sizes than `imageSize` the position embeddings are resized and
 * places are scaled.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 */
export function peCore(config: PeCoreConfig, params: ParamsOf<PeCore>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward: (batch) =>
      linear(params.head, mapHead({ ...config, heads: poolHeads }, params.pool, peCoreTokens(config, params, batch))),
  };
}

/** One vector for the class token, where there is one, and for each patch, `[n, tokens, width]`, after the last norm. */
export function peCoreTokens(config: PeCoreConfig, params: ParamsOf<PeCore>, batch: ImageBatch): tf.Tensor3D {
  expectObjects({ config, params, batch });
  const { width, heads, reference, layerNormEpsilon } = config;
  const ahead = params.classToken ? 1 : 0;
  const how = { first: 'columns', origin: ahead, reference } as const;
  const rotary = gridRotary(patchGrid(batch, config), width / heads, ahead, how);
  const block: Block = (own, x, options) => preNormBlock(own, x, { ...options, rotary });
  const first = layerNorm(params.preNorm, placedTokens(config, params, batch), layerNormEpsilon);
  return layerNorm(params.postNorm, transformer(config, params.blocks, first, { block }), layerNormEpsilon);
}

const trunk = 'visual.trunk';

/** open_clip with timm's `vit_pe_core_*`. */
export const openClipPeCoreNames: NameTable = {
  names: {
    patchEmbedding: `${trunk}.patch_embed.proj`,
    classToken: `${trunk}.cls_token`,
    positions: `${trunk}.pos_embed`,
    preNorm: `${trunk}.norm_pre`,
    'blocks.*': `${trunk}.blocks.*`,
    'blocks.*.attention.inProj': `${trunk}.blocks.*.attn.qkv`,
    'blocks.*.attention.outProj': `${trunk}.blocks.*.attn.proj`,
    postNorm: `${trunk}.norm`,
    'pool.probe': `${trunk}.attn_pool.latent`,
    'pool.attention.inProj': [`${trunk}.attn_pool.q`, `${trunk}.attn_pool.kv`],
    'pool.attention.outProj': `${trunk}.attn_pool.proj`,
    'pool.norm': `${trunk}.attn_pool.norm`,
    'pool.mlp': `${trunk}.attn_pool.mlp`,
    head: `${trunk}.head`,
  },
};
