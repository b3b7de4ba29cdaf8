import { expectMembers, type Fusion } from '@diptych/core';
import { linear, param, type Param, type ParamsOf, uniform, zeros } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { pairFusion } from './complete-fusion.ts';
import { checkConfig, type JointConfig, pairOf } from './joint-config.ts';
import { outer } from './outer.ts';

/** The weight is `[first, second, dim]`, parts in the order of their names, where PyTorch's is `[dim, first, second]`. */
export type Bilinear = {
  readonly weight: Param<readonly [number, number, number]>;
  readonly bias: Param<readonly [number]>;
};

/**
 * Starts as PyTorch's.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` unless there are two parts.
 */
export function bilinearSpec(config: JointConfig<string>): Bilinear {
  const { parts, dim } = checkConfig(config);
  const [first, second] = pairOf('bilinear', parts);
  const limit = first ** -0.5;
  return { weight: param([first, second, dim], uniform(-limit, limit), [1, 2, 0]), bias: param([dim], zeros) };
}

/** `xᵀ W_k y + bias_k` for each `k`, `[n, dim]`. Makes `[n, first * second]` on its way. */
export function bilinear(params: ParamsOf<Bilinear>, x: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor2D {
  const { weight, bias } = expectMembers(params, 'bilinear: parameters', 'weight', 'bias');
  const flat = tf.reshape<tf.Rank.R2>(weight, [-1, weight.shape[2]]);
  return linear({ weight: flat, bias }, outer(x, y));
}

export function bilinearFusion<Part extends string>(
  config: JointConfig<Part>,
  params: ParamsOf<Bilinear>,
): Fusion<Part> {
  return pairFusion('bilinear', config, params, (x, y) => bilinear(params, x, y));
}
