import { EmbeddingError } from '@diptych/core';
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core';
import { type Activation, activation } from './activation.ts';
import { type Attention, attentionSpec, selfAttention } from './attention.ts';
import { inTurn } from './in-turn.ts';
import { layerNorm, type LayerNorm, layerNormSpec } from './layer-norm.ts';
import { mlp, type Mlp, mlpSpec } from './mlp.ts';
import type { ParamsOf } from '../spec/spec.ts';
import { tokensAt } from './tokens-at.ts';

export interface TransformerConfig {
  readonly width: number;
  readonly layers: number;
  /** Divides `width`. */
  readonly heads: number;
  readonly mlpWidth: number;
  /** A name that `activation` knows, as `quick_gelu`. */
  readonly activation: string;
  readonly layerNormEpsilon: number;
}

export type TransformerBlock = {
  readonly norm1: LayerNorm;
  readonly attention: Attention;
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;
};

export interface BlockOptions {
  readonly heads: number;
  readonly activation: Activation;
  readonly layerNormEpsilon: number;
  readonly mask?: Tensor4D | undefined;
  /** One position of each item: the block gives what stands there alone, `[n, 1, width]`. */
  readonly at?: readonly number[] | undefined;
}

/** One block applied to `x` `[n, length, width]`. */
export type Block = (params: ParamsOf<TransformerBlock>, x: Tensor3D, options: BlockOptions) => Tensor3D;

export interface TransformerOptions {
  /** Added to the attention scores; see `AttentionOptions`. */
  readonly mask?: Tensor4D | undefined;
  /**
   * One position of each item, where a model reads one token alone: the last block computes no more, and the result is
   * `[n, 1, width]`, the same numbers as without.
   */
  readonly at?: readonly number[] | undefined;
  /** Default `preNormBlock`. */
  readonly block?: Block;
}

/**
 * Blocks that start as CLIP's do, Radford et al. 2021, arXiv:2103.00020: what adds to the residual stream is scaled
 * down with the square root of their number.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide `width` or the activation is unknown.
 */
export function transformerSpec(config: TransformerConfig): readonly TransformerBlock[] {
  const { width, layers, heads, mlpWidth } = config;
  if (width % heads !== 0) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'transformer',
      expected: `a width that ${heads} heads divide`,
      got: width,
    });
  }
  activation(config.activation);
  const outStd = (2 * width * layers) ** -0.5;
  return Array.from({ length: layers }, () => ({
    norm1: layerNormSpec(width),
    attention: attentionSpec(width, outStd),
    norm2: layerNormSpec(width),
    mlp: mlpSpec(width, mlpWidth, outStd),
  }));
}

/** All blocks in turn over `x` `[n, length, width]`. */
export function transformer(
  config: TransformerConfig,
  blocks: ParamsOf<readonly TransformerBlock[]>,
  x: Tensor3D,
  { mask, at, block = preNormBlock }: TransformerOptions = {},
): Tensor3D {
  const { heads, layerNormEpsilon } = config;
  const options: BlockOptions = { heads, layerNormEpsilon, mask, activation: activation(config.activation) };
  const last = { ...options, at };
  return inTurn(
    blocks.map((params, i) => (state: Tensor3D) => block(params, state, i + 1 < blocks.length ? options : last)),
    x,
  );
}

/** Norms before attention and MLP, so that the residual stream itself is never normalised: GPT-2, ViT, CLIP. */
export const preNormBlock: Block = (params, x, options) => {
  const { activation: act, layerNormEpsilon, at } = options;
  const normed = layerNorm(params.norm1, x, layerNormEpsilon);
  const attended = selfAttention(params.attention, normed, { ...options, residual: at ? tokensAt(x, at) : x });
  return mlp(params.mlp, layerNorm(params.norm2, attended, layerNormEpsilon), act, attended);
};

/** Norms after each sum: the original transformer and BERT. */
export const postNormBlock: Block = (params, x, options) => {
  const { activation: act, layerNormEpsilon, at } = options;
  const sum = selfAttention(params.attention, x, { ...options, residual: at ? tokensAt(x, at) : x });
  const attended = layerNorm(params.norm1, sum, layerNormEpsilon);
  return layerNorm(params.norm2, mlp(params.mlp, attended, act, attended), layerNormEpsilon);
};
