import { type Encoder, expectFunction, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  fine,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  linear,
  normal,
  param,
  type ParamsOf,
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
import { type PatchGrid, type PlacedTokens, placedTokens } from './image-batch.ts';

/**
 * The vision transformer of CLIP, Radford et al. 2021, arXiv:2103.00020, after Dosovitskiy et al. 2020, arXiv:2010.11929:
 * an image is cut into square patches, each becomes a token as a word does, and a transformer reads them all.
 *
 * Every tower of the toolkit is written like this one: a configuration, a spec that says which parameters there are, and
 * a `forward` of calls into `@diptych/nn`. The names that files give the parameters are in `vit-names.ts`.
 *
 * Shapes below: `n` images, `patches` of each, `width` numbers a token. ViT-B/32 has 49 patches of 224 pixels and width 768.
 */
export interface VitConfig extends TransformerConfig, PatchGrid {
  /** Length of an embedding. */
  readonly dim: number;
}

export type Vit = PlacedTokens & {
  readonly preNorm: LayerNorm;
  readonly blocks: readonly TransformerBlock[];
  readonly postNorm: LayerNorm;
  /** `[width, dim]`, into the space that images share with texts. */
  readonly projection: Projection;
};

/** What runs the blocks of a vision transformer. */
export type RunBlocks = (
  config: TransformerConfig,
  blocks: ParamsOf<readonly TransformerBlock[]>,
  x: tf.Tensor3D,
  options: { readonly at: readonly number[] },
) => tf.Tensor3D;

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function vitSpec(config: VitConfig): Vit {
  const { width, patchSize, imageSize, dim } = expectMembers(
    config,
    'config',
    'width',
    'patchSize',
    'imageSize',
    'dim',
  );
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
 *
 * @param blocks What runs the blocks; as `mergedTransformer` gives it. Default `transformer`.
 */
export function vit(config: VitConfig, params: ParamsOf<Vit>, blocks: RunBlocks = transformer): Encoder<ImageBatch> {
  expectObjects({ config, params });
  expectFunction(blocks, 'blocks');
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      // [n, 1 + patches, width]
      const tokens = firstTokens(config, params, batch);
      // [n, 1, width]: only the class token, which is the first, is read, so the last block computes no other.
      const at = Array.from({ length: batch.shape[0] }, () => 0);
      const read = blocks(config, params.blocks, tokens, { at });
      // [n, width]
      const pooled = layerNorm(params.postNorm, tf.squeeze<tf.Tensor2D>(read, [1]), config.layerNormEpsilon);
      // [n, dim]
      return linear(params.projection, pooled);
    },
  };
}

/** One vector for the class token and for each patch, `[n, 1 + patches, width]`, before the last norm. */
export function vitTokens(config: VitConfig, params: ParamsOf<Vit>, batch: ImageBatch): tf.Tensor3D {
  expectObjects({ config, params, batch });
  return transformer(config, params.blocks, firstTokens(config, params, batch));
}

/** What the first block gets, `[n, 1 + patches, width]`. */
function firstTokens(config: VitConfig, params: ParamsOf<Vit>, batch: ImageBatch): tf.Tensor3D {
  return layerNorm(params.preNorm, placedTokens(config, params, batch), config.layerNormEpsilon);
}
