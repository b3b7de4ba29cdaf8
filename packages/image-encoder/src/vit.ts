import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  fine,
  type Grid,
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
import { type PatchGrid, patchGrid, pixelsOf, positionsFor } from './image-batch.ts';

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

export type Vit = {
  /** `[patchSize, patchSize, 3, width]`, a convolution whose stride is its size. */
  readonly patchEmbedding: PatchProjection;
  /** `[width]`, the token that becomes the embedding. */
  readonly classToken: Param<readonly [number]>;
  /** `[1 + patches, width]`, the class token's first. */
  readonly positions: Param<readonly [number, number]>;
  readonly preNorm: LayerNorm;
  readonly blocks: readonly TransformerBlock[];
  readonly postNorm: LayerNorm;
  /** `[width, dim]`, into the space that images share with texts. */
  readonly projection: Projection;
};

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
 */
export function vit(config: VitConfig, params: ParamsOf<Vit>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward(batch) {
      // [n, 1 + patches, width]
      const tokens = firstTokens(config, params, batch);
      // [n, 1, width]: only the class token, which is the first, is read, so the last block computes no other.
      const at = Array.from({ length: batch.shape[0] }, () => 0);
      const read = transformer(config, params.blocks, tokens, { at });
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
  const grid = patchGrid(batch, config);
  // [n, height, width, 3] pixels to [n, patches, width], left to right and top to bottom
  const patches = patchEmbedding(params.patchEmbedding, pixelsOf(batch));
  // [width] to [n, 1, width]
  const classTokens = tf.tile(tf.reshape(params.classToken, [1, 1, config.width]), [batch.shape[0], 1, 1]);
  // [n, 1 + patches, width]; attention knows no order, so each token is told its place: the same in every image.
  const placed = tf.add<tf.Tensor3D>(tf.concat([classTokens, patches], 1), positionsOf(params, grid, config));
  return layerNorm(params.preNorm, placed, config.layerNormEpsilon);
}

/** `[1 + patches, width]` for a grid. The class token has a place of its own, whatever the size of the image. */
function positionsOf({ positions }: ParamsOf<Vit>, grid: Grid, config: VitConfig): tf.Tensor2D {
  if (positions.shape[0] === 1 + grid[0] * grid[1] && grid[0] === grid[1]) return positions;
  const [ofClass, ofPatches] = [tf.slice(positions, [0, 0], [1, -1]), tf.slice(positions, [1, 0], [-1, -1])];
  return tf.concat([ofClass, positionsFor(ofPatches, grid, config)]);
}
