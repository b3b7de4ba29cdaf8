import * as tf from '@tensorflow/tfjs-core';
import { type ConvOptions, convWindows } from './conv-windows.ts';
import { normal, zeros } from './initializer.ts';
import { linear } from './linear.ts';
import { param, type Param, type ParamsOf } from './spec.ts';
import { withGradients } from './with-gradient.ts';

/** Weight `[size, size, inputs, outputs]`. */
export type Conv2d = { readonly weight: Param<readonly [number, number, number, number]> };
export type BiasedConv2d = Conv2d & { readonly bias: Param<readonly [number]> };

/** Starts as He et al. 2015, arXiv:1502.01852, with the fan out. */
export function conv2dSpec(size: number, inputs: number, outputs: number): Conv2d {
  const init = normal(Math.sqrt(2 / (size * size * outputs)));
  return { weight: param([size, size, inputs, outputs], init, [2, 3, 1, 0]) };
}

export function biasedConv2dSpec(size: number, inputs: number, outputs: number): BiasedConv2d {
  return { ...conv2dSpec(size, inputs, outputs), bias: param([outputs], zeros) };
}

/**
 * Cross-correlation of `x` `[n, height, width, inputs]` with square filters; what is left over at the right and at the
 * bottom is dropped. Differentiates on every backend, where `tf.conv2d` does not.
 */
export function conv2d(
  { weight, bias }: ParamsOf<Conv2d> & Partial<ParamsOf<BiasedConv2d>>,
  x: tf.Tensor4D,
  { stride = 1, padding = 0 }: Omit<ConvOptions, 'dilation'> = {},
): tf.Tensor4D {
  if (weight.shape[0] === 1 && padding === 0) return pointwise({ weight, bias }, x, stride);
  const forward = (input: tf.Tensor4D, filter: tf.Tensor4D) => tf.conv2d(input, filter, stride, padding);
  const y = withGradients([x, weight], forward, (dy, [input, filter]) => [
    tf.conv2dTranspose(dy, filter, input.shape, stride, padding),
    filterGradient(dy, input, filter, { stride, padding }),
  ]);
  return bias ? tf.add(y, bias) : y;
}

/** A filter of one pixel is a linear layer. */
function pointwise(
  { weight, bias }: { weight: tf.Tensor4D; bias: tf.Tensor1D | undefined },
  x: tf.Tensor4D,
  stride: number,
): tf.Tensor4D {
  const [, , inputs, outputs] = weight.shape;
  const flat = tf.reshape<tf.Rank.R2>(weight, [inputs, outputs]);
  const out = [Math.ceil(x.shape[1] / stride), Math.ceil(x.shape[2] / stride)] as const;
  const met = stride === 1 ? x : convWindows(x, 1, out, { stride })[0]!;
  return linear(bias ? { weight: flat, bias } : { weight: flat }, met);
}

function filterGradient(dy: tf.Tensor4D, x: tf.Tensor4D, filter: tf.Tensor4D, options: ConvOptions): tf.Tensor4D {
  const [size, , inputs, outputs] = filter.shape;
  const [, height, width] = dy.shape;
  const rows = tf.reshape<tf.Rank.R2>(dy, [-1, outputs]);
  const windows = convWindows(x, size, [height, width], options);
  const parts = windows.map((window) => tf.matMul(tf.reshape<tf.Rank.R2>(window, [-1, inputs]), rows, true));
  return tf.reshape(tf.stack(parts), filter.shape);
}
