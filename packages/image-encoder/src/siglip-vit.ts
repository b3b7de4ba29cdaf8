import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  normal,
  param,
  type Param,
  type ParamsOf,
  patchEmbedding,
  type PatchEmbedding,
  patchEmbeddingSpec,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type PatchGrid, patchGrid, pixelsOf, positionsFor } from './image-batch.ts';
import { mapHead, type MapHead, mapHeadSpec } from './map-head.ts';

/** The vision transformer of SigLIP, Zhai et al. 2023, arXiv:2303.15343; its embeddings are as long as it is wide. */
export interface SiglipVitConfig extends TransformerConfig, PatchGrid {}

export type SiglipVit = {
  readonly patchEmbedding: PatchEmbedding;
  /** `[patches, width]`. */
  readonly positions: Param<readonly [number, number]>;
  readonly blocks: readonly TransformerBlock[];
  readonly postNorm: LayerNorm;
  readonly head: MapHead;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function siglipVitSpec(config: SiglipVitConfig): SiglipVit {
  const { width, patchSize, imageSize } = expectMembers(config, 'config', 'width', 'patchSize', 'imageSize');
  return {
    patchEmbedding: patchEmbeddingSpec(patchSize, 3, width),
    positions: param([Math.floor(imageSize / patchSize) ** 2, width], normal(width ** -0.5)),
    blocks: transformerSpec(config),
    postNorm: layerNormSpec(width),
    head: mapHeadSpec(config),
  };
}

/**
 * Images of any size that whole patches cover; for other sizes than `imageSize` the position embeddings are resized.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 */
export function siglipVit(config: SiglipVitConfig, params: ParamsOf<SiglipVit>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.width,
    variables: variablesOf(params),
    forward: (batch) => mapHead(config, params.head, siglipVitTokens(config, params, batch)),
  };
}

/** One vector for each patch, `[n, patches, width]`, after the last norm. */
export function siglipVitTokens(config: SiglipVitConfig, params: ParamsOf<SiglipVit>, batch: ImageBatch): tf.Tensor3D {
  expectObjects({ config, params, batch });
  const positions = positionsFor(params.positions, patchGrid(batch, config), config);
  const patches = patchEmbedding(params.patchEmbedding, pixelsOf(batch));
  const states = transformer(config, params.blocks, tf.add(patches, positions));
  return layerNorm(params.postNorm, states, config.layerNormEpsilon);
}
