import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './activation.ts';
import type { ConvOptions } from './conv2d.ts';
import { runFused } from './fused.ts';
import { fusedName, withEnds } from './linear.ts';
import { normal, zeros } from '../spec/initializer.ts';
import { param, type Param, type ParamsOf } from '../spec/spec.ts';

/** Weight `[size, size, channels, 1]`. */
export type DepthwiseConv2d = { readonly weight: Param<readonly [number, number, number, number]> };
export type BiasedDepthwiseConv2d = DepthwiseConv2d & { readonly bias: Param<readonly [number]> };

export function depthwiseConv2dSpec(size: number, channels: number): DepthwiseConv2d {
  return { weight: param([size, size, channels, 1], normal(Math.SQRT2 / size), [2, 3, 0, 1]) };
}

export function biasedDepthwiseConv2dSpec(size: number, channels: number): BiasedDepthwiseConv2d {
  return { ...depthwiseConv2dSpec(size, channels), bias: param([channels], zeros) };
}

export interface DepthwiseConvOptions extends ConvOptions {
  /** Distance of neighbours under the filter. Default 1. */
  readonly dilation?: number;
  /** Applied to the sums. */
  readonly activation?: Activation;
}

/**
 * Square filters for each channel of `x` `[n, height, width, channels]`: one, or as many for each as the weight `[size, size,
 * outputs, 1]` has outputs for it, side by side.
 */
export function depthwiseConv2d(
  params: ParamsOf<DepthwiseConv2d> & Partial<ParamsOf<BiasedDepthwiseConv2d>>,
  x: tf.Tensor4D,
  options: DepthwiseConvOptions = {},
): tf.Tensor4D {
  const { stride = 1, padding = 0, dilation = 1, activation } = expectMembers(options, 'options');
  const { weight, bias } = expectMembers(params, 'parameters', 'weight');
  const name = fusedName(activation);
  const filter = byInput(spread(weight, dilation), x.shape[3]);
  if (!activation || name) {
    const fused = runFused('DiptychDepthwiseConv2d', { x, filter, bias }, { stride, padding, activation: name });
    if (fused) return fused as tf.Tensor4D;
  }
  return withEnds(tf.depthwiseConv2d(x, filter, stride, padding), bias, { activation });
}

/** The filters as tfjs wants them, `[size, size, inputs, times]`. */
function byInput(filter: tf.Tensor4D, inputs: number): tf.Tensor4D {
  const [height, width, outputs, last] = filter.shape;
  return outputs === inputs ? filter : tf.reshape(filter, [height, width, inputs, (outputs * last) / inputs]);
}

/**
 * The filter with `dilation - 1` zeros between its numbers, which is the same convolution: TensorFlow.js's own dilation
 * has no gradient.
 */
function spread(filter: tf.Tensor4D, dilation: number): tf.Tensor4D {
  if (dilation === 1) return filter;
  const [size, , channels] = filter.shape;
  const gap: [number, number] = [0, dilation - 1];
  const none: [number, number] = [0, 0];
  const apart = tf.pad(tf.reshape(filter, [size, 1, size, 1, channels]), [none, gap, none, gap, none]);
  const whole = (size - 1) * dilation + 1;
  const square = tf.reshape<tf.Rank.R4>(apart, [size * dilation, size * dilation, channels, 1]);
  return tf.slice(square, [0, 0, 0, 0], [whole, whole, -1, -1]);
}
