import * as tf from '@tensorflow/tfjs-core';
import { type ConvOptions, convWindows, spread } from './conv-windows.ts';
import { normal, zeros } from './initializer.ts';
import { param, type Param, type ParamsOf } from './spec.ts';
import { withGradients } from './with-gradient.ts';

/** Weight `[size, size, channels, 1]`. */
export type DepthwiseConv2d = { readonly weight: Param<readonly [number, number, number, number]> };
export type BiasedDepthwiseConv2d = DepthwiseConv2d & { readonly bias: Param<readonly [number]> };

export function depthwiseConv2dSpec(size: number, channels: number): DepthwiseConv2d {
  return { weight: param([size, size, channels, 1], normal(Math.SQRT2 / size), [2, 3, 0, 1]) };
}

export function biasedDepthwiseConv2dSpec(size: number, channels: number): BiasedDepthwiseConv2d {
  return { ...depthwiseConv2dSpec(size, channels), bias: param([channels], zeros) };
}

/**
 * One square filter for each channel of `x` `[n, height, width, channels]`. A stride and a dilation together are not
 * possible, and `padding` is at most the reach of the filter. Differentiates on every backend.
 */
export function depthwiseConv2d(
  { weight, bias }: ParamsOf<DepthwiseConv2d> & Partial<ParamsOf<BiasedDepthwiseConv2d>>,
  x: tf.Tensor4D,
  options: ConvOptions = {},
): tf.Tensor4D {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const forward = (input: tf.Tensor4D, filter: tf.Tensor4D) =>
    tf.depthwiseConv2d(input, filter, stride, padding, 'NHWC', dilation);
  const y = withGradients([x, weight], forward, (dy, [input, filter]) => [
    inputGradient(dy, input, filter, options),
    filterGradient(dy, input, filter, options),
  ]);
  return bias ? tf.add(y, bias) : y;
}

/** The turned filter over the gradient, whose pixels stand as far apart as they were taken. */
function inputGradient(dy: tf.Tensor4D, x: tf.Tensor4D, filter: tf.Tensor4D, options: ConvOptions): tf.Tensor4D {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const apart = spread(dy, stride);
  const before = (filter.shape[0] - 1) * dilation - padding;
  const after = (axis: 1 | 2) => x.shape[axis] + padding - apart.shape[axis];
  const padded = tf.pad(apart, [
    [0, 0],
    [before, after(1)],
    [before, after(2)],
    [0, 0],
  ]);
  return tf.depthwiseConv2d(padded, tf.reverse(filter, [0, 1]), 1, 'valid', 'NHWC', dilation);
}

function filterGradient(dy: tf.Tensor4D, x: tf.Tensor4D, filter: tf.Tensor4D, options: ConvOptions): tf.Tensor4D {
  const windows = convWindows(x, filter.shape[0], [dy.shape[1], dy.shape[2]], options);
  const parts = windows.map((window) => tf.sum(tf.mul(window, dy), [0, 1, 2]));
  return tf.reshape(tf.stack(parts), filter.shape);
}
