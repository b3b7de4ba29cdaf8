import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { normal, zeros } from '../spec/initializer.ts';
import { runFused } from './fused.ts';
import { fusedName, linear, type LinearOptions, withEnds } from './linear.ts';
import { factor, param, type Param, type ParamsOf } from '../spec/spec.ts';

/** How a square filter moves over an image. Counts are pixels. */
export interface ConvOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on every side, as in PyTorch. Default 0. */
  readonly padding?: number;
}

/** Weight `[size, size, inputs, outputs]`. */
export type Conv2d = { readonly weight: Param<readonly [number, number, number, number]> };
export type BiasedConv2d = Conv2d & { readonly bias: Param<readonly [number]> };

/** Starts as He et al. 2015, arXiv:1502.01852, with the fan out. */
export function conv2dSpec(size: number, inputs: number, outputs: number): Conv2d {
  const init = normal(Math.sqrt(2 / (size * size * outputs)));
  return { weight: factor([size, size, inputs, outputs], init, [2, 3, 1, 0]) };
}

export function biasedConv2dSpec(size: number, inputs: number, outputs: number): BiasedConv2d {
  return { ...conv2dSpec(size, inputs, outputs), bias: param([outputs], zeros) };
}

/**
 * Cross-correlation of `x` `[n, height, width, inputs]` with square filters; what is left over at the right and at the
 * bottom is dropped. `scale` multiplies the sums, `activation` comes after the bias, `residual` last.
 */
export function conv2d(
  params: ParamsOf<Conv2d> & Partial<ParamsOf<BiasedConv2d>>,
  x: tf.Tensor4D,
  options: ConvOptions & LinearOptions<tf.Tensor4D> = {},
): tf.Tensor4D {
  const { stride = 1, padding = 0, ...ends } = expectMembers(options, 'options');
  const { activation, scale, residual } = ends;
  const { weight, bias } = expectMembers(params, 'parameters', 'weight');
  const [size, , inputs, outputs] = weight.shape;
  // A filter of one pixel is a linear layer.
  const single = size === 1 && stride === 1 && padding === 0;
  const name = fusedName(activation);
  if (!activation || name) {
    const given = { x, scale, bias, residual };
    const fused = single
      ? runFused('DiptychLinear', { ...given, weight }, { activation: name })
      : runFused('DiptychConv2d', { ...given, filter: weight }, { stride, padding, activation: name });
    if (fused) return fused as tf.Tensor4D;
  }
  if (single)
    return linear({ weight: tf.reshape<tf.Rank.R2>(weight, [inputs, outputs]), ...(bias && { bias }) }, x, ends);
  return withEnds(tf.conv2d(x, weight, stride, padding), bias, ends);
}
