import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  type Attention,
  gatedMlpSpec,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  type LayerScale,
  type Linear,
  linearSpec,
  type Mlp,
  type NameTable,
  normal,
  param,
  type Param,
  type ParamsOf,
  patchEmbeddingSpec,
  preNormBlock,
  scaledLinearSpec,
  transformer,
  type TransformerBlock,
  type TransformerConfig,
  transformerSpec,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { hfPlacedNames } from './feature-vit.ts';
import { gatedBlock } from './gated-block.ts';
import { type PatchGrid, type PlacedTokens, placedTokens, repeated } from './image-batch.ts';

/**
 * The vision transformer of DINOv2, Oquab et al. 2023, arXiv:2304.07193, and the one with registers, Darcet et al. 2023,
 * arXiv:2309.16588; its embeddings are as long as it is wide.
 */
export interface Dinov2Config extends Omit<TransformerConfig, 'activation'>, PatchGrid {
  /** Between the layers of the perceptrons, or `swiglu` for gated ones, which have `mlpWidth` gates and as many values. */
  readonly activation: string;
  /** Tokens without a place behind the class token; 0 or 4. */
  readonly registers: number;
}

/** Each of a block's sums is of what LayerScale has made of it. */
type ScaledBlock = TransformerBlock & {
  readonly attention: Attention & { readonly outProj: Linear & LayerScale };
  readonly mlp: Mlp & { readonly fc2: Linear & LayerScale };
};

export type Dinov2 = PlacedTokens & {
  /** `[registers, width]`. */
  readonly registers?: Param<readonly [number, number]>;
  readonly blocks: readonly ScaledBlock[];
  readonly postNorm: LayerNorm;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown. */
export function dinov2Spec(config: Dinov2Config): Dinov2 {
  const { width, mlpWidth, patchSize, imageSize, registers } = expectMembers(
    config,
    'config',
    'width',
    'mlpWidth',
    'patchSize',
    'imageSize',
    'registers',
  );
  const init = normal(0.02);
  const gated = isGated(config);
  return {
    patchEmbedding: patchEmbeddingSpec(patchSize, 3, width),
    classToken: param([width], init),
    positions: param([1 + Math.floor(imageSize / patchSize) ** 2, width], init),
    ...(registers > 0 && { registers: param([registers, width], init) }),
    blocks: transformerSpec(plainly(config)).map(({ attention, mlp, ...norms }) => ({
      ...norms,
      attention: { ...attention, outProj: scaledLinearSpec(width, width, init) },
      mlp: {
        ...(gated ? gatedMlpSpec(width, mlpWidth, linearSpec) : mlp),
        fc2: scaledLinearSpec(mlpWidth, width, init),
      },
    })),
    postNorm: layerNormSpec(width),
  };
}

/**
 * Images of any size that whole patches cover; for other sizes than `imageSize` the position embeddings are resized.
 *
 * `forward` throws `SHAPE_MISMATCH` when patches do not cover the images or their channels are not red, green, blue.
 */
export function dinov2(config: Dinov2Config, params: ParamsOf<Dinov2>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return {
    dim: config.width,
    variables: variablesOf(params),
    forward(batch) {
      const at = Array.from({ length: batch.shape[0] }, () => 0);
      return tf.squeeze(states(config, params, batch, at), [1]);
    },
  };
}

/** One vector for the class token, for each register and for each patch, `[n, 1 + registers + patches, width]`, after the last norm. */
export function dinov2Tokens(config: Dinov2Config, params: ParamsOf<Dinov2>, batch: ImageBatch): tf.Tensor3D {
  expectObjects({ config, params, batch });
  return states(config, params, batch);
}

function states(
  config: Dinov2Config,
  params: ParamsOf<Dinov2>,
  batch: ImageBatch,
  at?: readonly number[],
): tf.Tensor3D {
  const block = isGated(config) ? gatedBlock : preNormBlock;
  const state = transformer(plainly(config), params.blocks, firstTokens(config, params, batch), { at, block });
  return layerNorm(params.postNorm, state, config.layerNormEpsilon);
}

/** Registers come behind the class token when places are told already. */
function firstTokens(config: Dinov2Config, params: ParamsOf<Dinov2>, batch: ImageBatch): tf.Tensor3D {
  const placed = placedTokens(config, params, batch);
  if (!params.registers) return placed;
  const first = tf.slice(placed, [0, 0, 0], [-1, 1, -1]);
  const patches = tf.slice(placed, [0, 1, 0], [-1, -1, -1]);
  return tf.concat([first, repeated(params.registers, batch.shape[0]), patches], 1);
}

function isGated({ activation }: Dinov2Config): boolean {
  return activation === 'swiglu';
}

/** What a transformer is told, which knows the activation of the gates. */
function plainly(config: Dinov2Config): TransformerConfig {
  return isGated(config) ? { ...config, activation: 'silu' } : config;
}

const layer = 'encoder.layer.*';

/** transformers: `Dinov2Model` and `Dinov2WithRegistersModel`. */
export function hfDinov2Names(config: Pick<Dinov2Config, 'activation'>): NameTable {
  const { activation } = expectMembers(config, 'config', 'activation');
  const [fc1, fc2] = activation === 'swiglu' ? ['weights_in', 'weights_out'] : ['fc1', 'fc2'];
  return {
    names: {
      ...hfPlacedNames,
      registers: 'embeddings.register_tokens',
      'blocks.*.norm1': `${layer}.norm1`,
      'blocks.*.attention.outProj.layerScale': `${layer}.layer_scale1.lambda1`,
      'blocks.*.norm2': `${layer}.norm2`,
      'blocks.*.mlp.fc1': `${layer}.mlp.${fc1}`,
      'blocks.*.mlp.fc2': `${layer}.mlp.${fc2}`,
      'blocks.*.mlp.fc2.layerScale': `${layer}.layer_scale2.lambda1`,
    },
    ignore: ['embeddings.mask_token'],
  };
}
