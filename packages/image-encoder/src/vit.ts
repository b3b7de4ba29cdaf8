import type { Encoder, ImageBatch } from '@diptych/core';
import {
  fine,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  normal,
  param,
  type Param,
  type ParamsOf,
  patchEmbedding,
  type PatchProjection,
  patchProjectionSpec,
  type Projection,
  projectionSpec,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type PatchGrid, patchGrid, positionsFor } from './patch-grid.ts';
import { pixelsOf } from './pixels-of.ts';

/** The vision transformer of CLIP, Radford et al. 2021, arXiv:2103.00020. */
export interface VitConfig extends TransformerConfig, PatchGrid {
  /** Length of an embedding. */
  readonly dim: number;
}

export type Vit = {
  readonly patchEmbedding: PatchProjection;
  /** `[width]`, the token that becomes the embedding. */
  readonly classToken: Param<readonly [number]>;
  /** `[1 + patches, width]`, the class token's first. */
  readonly positions: Param<readonly [number, number]>;
  readonly preNorm: LayerNorm;
  readonly blocks: readonly TransformerBlock[];
  readonly postNorm: LayerNorm;
  readonly projection: Projection;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function vitSpec(config: VitConfig): Vit {
  const { width, patchSize, imageSize, dim } = config;
  const std = width ** -0.5;
  return {
    patchEmbedding: patchProjectionSpec(patchSize, 3, width),
    classToken: param([width], normal(std)),
    positions: param([1 + Math.floor(imageSize / patchSize) ** 2, width], normal(std)),
    preNorm: layerNormSpec(width),
    blocks: transformerSpec(config),
    postNorm: layerNormSpec(width),
    projection: fine(projectionSpec(width, dim, normal(std))),
  };
}

/**
 * Images of any size that whole patches cover; for other sizes than `imageSize` the position embeddings are resized.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 */
export function vit(config: VitConfig, params: ParamsOf<Vit>): Encoder<ImageBatch> {
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      const classAt = Array.from({ length: batch.shape[0] }, () => 0);
      const tokens = transformer(config, params.blocks, firstTokens(config, params, batch), { at: classAt });
      const pooled = tf.squeeze<tf.Tensor2D>(tokens, [1]);
      return linear(params.projection, layerNorm(params.postNorm, pooled, config.layerNormEpsilon));
    },
  };
}

/** One vector for the class token and for each patch, `[n, 1 + patches, width]`, before the last norm. */
export function vitTokens(config: VitConfig, params: ParamsOf<Vit>, batch: ImageBatch): tf.Tensor3D {
  return transformer(config, params.blocks, firstTokens(config, params, batch));
}

function firstTokens(config: VitConfig, params: ParamsOf<Vit>, batch: ImageBatch): tf.Tensor3D {
  const grid = patchGrid(batch, config);
  const { width } = config;
  const patches = patchEmbedding(params.patchEmbedding, pixelsOf(batch));
  const classTokens = tf.tile(tf.reshape(params.classToken, [1, 1, width]), [batch.shape[0], 1, 1]);
  const positions = tf.concat([
    tf.slice(params.positions, [0, 0], [1, -1]),
    positionsFor(tf.slice(params.positions, [1, 0], [-1, -1]), grid, config),
  ]);
  const x = tf.add<tf.Tensor3D>(tf.concat([classTokens, patches], 1), positions);
  return layerNorm(params.preNorm, x, config.layerNormEpsilon);
}
