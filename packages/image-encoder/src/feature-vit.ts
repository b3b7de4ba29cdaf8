import { type Encoder, expectFunction, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
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
  patchEmbeddingSpec,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type PatchGrid, type PlacedTokens, placedTokens } from './image-batch.ts';
import type { RunBlocks } from './vit.ts';

/** The vision transformer for images alone, Dosovitskiy et al. 2020, arXiv:2010.11929; its embeddings are as long as it is wide. */
export interface FeatureVitConfig extends TransformerConfig, PatchGrid {
  /** Whether a layer with tanh makes the embedding of the class token, as in a network before it is tuned for its classes. */
  readonly pooler: boolean;
}

export type FeatureVit = PlacedTokens & {
  readonly blocks: readonly TransformerBlock[];
  readonly postNorm: LayerNorm;
  readonly pooler?: Linear;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function featureVitSpec(config: FeatureVitConfig): FeatureVit {
  const { width, patchSize, imageSize } = expectMembers(config, 'config', 'width', 'patchSize', 'imageSize');
  return {
    patchEmbedding: patchEmbeddingSpec(patchSize, 3, width),
    classToken: param([width], normal(0.02)),
    positions: param([1 + Math.floor(imageSize / patchSize) ** 2, width], normal(0.02)),
    blocks: transformerSpec(config),
    postNorm: layerNormSpec(width),
    ...(config.pooler && { pooler: linearSpec(width, width, normal(0.02)) }),
  };
}

/**
 * Images of any size that whole patches cover; for other sizes than `imageSize` the position embeddings are resized.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 *
 * @param blocks What runs the blocks; as `mergedTransformer` gives it. Default `transformer`.
 */
export function featureVit(
  config: FeatureVitConfig,
  params: ParamsOf<FeatureVit>,
  blocks: RunBlocks = transformer,
): Encoder<ImageBatch> {
  expectObjects({ config, params });
  expectFunction(blocks, 'blocks');
  return {
    dim: config.width,
    variables: variablesOf(params),
    forward(batch) {
      const at = Array.from({ length: batch.shape[0] }, () => 0);
      const read = blocks(config, params.blocks, placedTokens(config, params, batch), { at });
      const { postNorm, pooler } = params;
      const state = layerNorm(postNorm, tf.squeeze<tf.Tensor2D>(read, [1]), config.layerNormEpsilon);
      return pooler ? linear(pooler, state, { activation: tf.tanh }) : state;
    },
  };
}

/** One vector for the class token and for each patch, `[n, 1 + patches, width]`, after the last norm. */
export function featureVitTokens(
  config: FeatureVitConfig,
  params: ParamsOf<FeatureVit>,
  batch: ImageBatch,
): tf.Tensor3D {
  expectObjects({ config, params, batch });
  const states = transformer(config, params.blocks, placedTokens(config, params, batch));
  return layerNorm(params.postNorm, states, config.layerNormEpsilon);
}

const layer = 'encoder.layer.*';

/** Of both vision transformers for images alone, in transformers. */
export const hfPlacedNames: NameTable['names'] = {
  patchEmbedding: 'embeddings.patch_embeddings.projection',
  classToken: 'embeddings.cls_token',
  positions: 'embeddings.position_embeddings',
  'blocks.*.attention.inProj': ['query', 'key', 'value'].map((name) => `${layer}.attention.attention.${name}`),
  'blocks.*.attention.outProj': `${layer}.attention.output.dense`,
  postNorm: 'layernorm',
};

/** transformers: `ViTModel`. */
export const hfVitNames: NameTable = {
  names: {
    ...hfPlacedNames,
    'blocks.*.norm1': `${layer}.layernorm_before`,
    'blocks.*.norm2': `${layer}.layernorm_after`,
    'blocks.*.mlp.fc1': `${layer}.intermediate.dense`,
    'blocks.*.mlp.fc2': `${layer}.output.dense`,
    pooler: 'pooler.dense',
  },
};
