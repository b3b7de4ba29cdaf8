import { expectMembers, type Fusion } from '@diptych/core';
import { param, type Param, type ParamsOf, xavierUniform, zeros } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, eachPart, type JointConfig } from './joint-config.ts';
import { withOne } from './outer.ts';
import { type NamedParts, productOf, withOwn } from './projections.ts';

export interface LmfConfig<Part extends string> extends JointConfig<Part> {
  /** Number of products that are summed. */
  readonly rank: number;
}

export type Lmf = {
  /** For each part `[1 + width, rank, dim]`, where the authors' are `[rank, 1 + width, dim]`. */
  readonly factors: Readonly<Record<string, { readonly weight: Param<readonly [number, number, number]> }>>;
  /** `[rank]`. */
  readonly weights: Param<readonly [number]>;
  readonly bias: Param<readonly [number]>;
};

export function lmfSpec(config: LmfConfig<string>): Lmf {
  const { parts, rank, dim } = checkConfig(config);
  return {
    factors: eachPart(parts, (width) => ({
      weight: param([1 + width, rank, dim], xavierUniform(1 + width, dim), [1, 0, 2]),
    })),
    weights: param([rank], xavierUniform(1, rank)),
    bias: param([dim], zeros),
  };
}

/**
 * Low-rank multimodal fusion, Liu et al. 2018, arXiv:1806.00064: `Σ_r w_r ([1; x] Fx_r) * ([1; y] Fy_r) + bias`,
 * `[n, dim]`. The one stands in front.
 */
export function lmf(params: ParamsOf<Lmf>, parts: NamedParts): tf.Tensor2D {
  const { factors, weights, bias } = expectMembers(params, 'lmf: parameters', 'factors', 'weights', 'bias');
  const [rank, dim] = [weights.shape[0], bias.shape[0]];
  const projected = withOwn(factors, parts, ({ weight }, x) =>
    tf.matMul<tf.Tensor2D>(withOne(x), tf.reshape<tf.Rank.R2>(weight, [-1, rank * dim])),
  );
  const products = tf.reshape<tf.Rank.R3>(productOf(projected), [-1, rank, dim]);
  return tf.add(tf.sum(tf.mul(products, tf.reshape(weights, [rank, 1])), 1), bias);
}

export function lmfFusion<Part extends string>(config: LmfConfig<Part>, params: ParamsOf<Lmf>): Fusion<Part> {
  return completeFusion(config, params, (parts) => lmf(params, parts));
}
