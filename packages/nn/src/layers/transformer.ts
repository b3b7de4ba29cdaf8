import { EmbeddingError, expectFunction, expectList, expectMembers, expectObjects } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './activation.ts';
import { type Attention, attentionSpec, selfAttention, tokensAt } from './attention.ts';
import { fuse, runFused, runFusedAll } from './fused.ts';
import type { Rotary } from './rotary.ts';
import { activation, linear, type Linear, linearSpec } from './linear.ts';
import { normal, ones, zeros } from '../spec/initializer.ts';
import { param, type Param, type ParamsOf } from '../spec/spec.ts';

export type LayerNorm = { readonly weight: Param<readonly [number]>; readonly bias: Param<readonly [number]> };

export function layerNormSpec(width: number): LayerNorm {
  return { weight: param([width], ones), bias: param([width], zeros) };
}

/** Rows of the last axis to mean 0 and population variance 1, then scaled and shifted; Ba et al. 2016, arXiv:1607.06450. */
export function layerNorm<T extends tf.Tensor>(params: ParamsOf<LayerNorm>, x: T, epsilon: number): T {
  const { weight, bias } = expectMembers(params, 'parameters', 'weight', 'bias');
  return fuse([x, weight, bias], {
    plain: (...inputs) => plainLayerNorm(...inputs, epsilon),
    fused: (input, scale, shift) => runFused('DiptychLayerNorm', { x: input, weight: scale, bias: shift }, { epsilon }),
    gradients: (dy, input, scale) => runFusedAll('DiptychLayerNormGrad', { x: input, weight: scale, dy }, { epsilon }),
  });
}

function plainLayerNorm<T extends tf.Tensor>(x: T, weight: tf.Tensor, bias: tf.Tensor, epsilon: number): T {
  const centred = tf.sub<T>(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const unit = tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(unit, weight), bias);
}

export type Mlp = { readonly fc1: Linear; readonly fc2: Linear };

/** @param outStd Standard deviation of the second weights at the start; default `width ** -0.5`. */
export function mlpSpec(width: number, hidden: number, outStd: number = width ** -0.5): Mlp {
  return {
    fc1: linearSpec(width, hidden, normal((2 * width) ** -0.5)),
    fc2: linearSpec(hidden, width, normal(outStd)),
  };
}

/** Two linear layers over the last axis of `x`, with an activation between them; `residual` is added to the result. */
export function mlp<T extends tf.Tensor>(params: ParamsOf<Mlp>, x: T, act: Activation, residual?: T): T {
  const { fc1, fc2 } = expectMembers(params, 'parameters', 'fc1', 'fc2');
  return linear(fc2, linear(fc1, x, { activation: act }), { residual });
}

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
  readonly mask?: tf.Tensor4D | undefined;
  /** One position of each item: the block gives what stands there alone, `[n, 1, width]`. */
  readonly at?: readonly number[] | undefined;
  /** Of items one after another; see `SelfAttentionOptions`. */
  readonly lengths?: readonly number[] | undefined;
  /** See `SelfAttentionOptions`. */
  readonly rotary?: Rotary | undefined;
}

/** One block applied to `x` `[n, length, width]`. */
export type Block = (params: ParamsOf<TransformerBlock>, x: tf.Tensor3D, options: BlockOptions) => tf.Tensor3D;

export interface TransformerOptions {
  /** Added to the attention scores; see `AttentionOptions`. */
  readonly mask?: tf.Tensor4D | undefined;
  /**
   * One position of each item, where a model reads one token alone: the last block computes no more, and the result is
   * `[n, 1, width]`, the same numbers as without.
   */
  readonly at?: readonly number[] | undefined;
  /** Of items of different lengths whose tokens stand one after another, `[1, tokens, width]`; see `SelfAttentionOptions`. */
  readonly lengths?: readonly number[] | undefined;
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
  const { width, layers, heads, mlpWidth } = expectMembers(config, 'config', 'width', 'layers', 'heads', 'mlpWidth');
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
  x: tf.Tensor3D,
  options: TransformerOptions = {},
): tf.Tensor3D {
  const { mask, at, lengths, block = preNormBlock } = expectMembers(options, 'options');
  const { heads, layerNormEpsilon } = expectMembers(config, 'config', 'heads', 'layerNormEpsilon');
  const each: BlockOptions = { heads, layerNormEpsilon, mask, lengths, activation: activation(config.activation) };
  const last = { ...each, at };
  return inTurn(
    blocks.map((params, i) => (state: tf.Tensor3D) => block(params, state, i + 1 < blocks.length ? each : last)),
    x,
  );
}

/** Norms before attention and MLP, so that the residual stream itself is never normalised: GPT-2, ViT, CLIP. */
export const preNormBlock: Block = (params, x, options) => {
  expectObjects({ params, x, options });
  const { activation: act, layerNormEpsilon, at, lengths } = options;
  const normed = layerNorm(params.norm1, x, layerNormEpsilon);
  const attended = selfAttention(params.attention, normed, { ...options, residual: at ? tokensAt(x, at, lengths) : x });
  return mlp(params.mlp, layerNorm(params.norm2, attended, layerNormEpsilon), act, attended);
};

/** Norms after each sum: the original transformer and BERT. */
export const postNormBlock: Block = (params, x, options) => {
  expectObjects({ params, x, options });
  const { activation: act, layerNormEpsilon, at, lengths } = options;
  const sum = selfAttention(params.attention, x, { ...options, residual: at ? tokensAt(x, at, lengths) : x });
  const attended = layerNorm(params.norm1, sum, layerNormEpsilon);
  return layerNorm(params.norm2, mlp(params.mlp, attended, act, attended), layerNormEpsilon);
};

/**
 * `x` through all steps. What a step makes is freed before the next begins, and then its result, so that memory holds one
 * step of a tower and not all; `x` itself stays. Where it is several tensors, each step makes all of them anew. While a gradient is recorded, what it needs lives on.
 */
export function inTurn<X extends tf.Tensor | Record<string, tf.Tensor>>(steps: readonly ((x: X) => X)[], x: X): X {
  expectList(steps, 'inTurn: steps');
  for (const step of steps) expectFunction(step, 'inTurn: a step');
  return steps.reduce((state, step) => {
    const next = tf.tidy(() => step(state));
    if (state !== x && next !== state) tf.dispose(state);
    return next;
  }, x);
}
