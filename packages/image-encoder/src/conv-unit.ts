import {
  type Activation,
  batchNorm,
  type BatchNorm,
  batchNormNames,
  type BatchNormalize,
  batchNormSpec,
  conv2d,
  type Conv2d,
  type ConvOptions,
  conv2dSpec,
  type DepthwiseConv2d,
  depthwiseConv2d,
  type DepthwiseConvOptions,
  type NameTable,
  normFactors,
  type ParamsOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** A convolution without bias and the batch norm behind it. */
export type ConvUnit = { readonly conv: Conv2d; readonly norm: BatchNorm };

/** The same of filters of single channels. */
export type DepthwiseUnit = { readonly conv: DepthwiseConv2d; readonly norm: BatchNorm };

/** What a norm by the statistics of training comes to. */
export interface FoldedNorm {
  readonly scale: tf.Tensor1D;
  readonly bias: tf.Tensor1D;
  /** Filters of single channels, scaled. */
  readonly weight?: tf.Tensor4D;
}

/** A unit may have it beside its parameters. */
export interface MaybeFolded {
  readonly folded?: FoldedNorm;
}

/** How a network normalises. */
export interface Normalization {
  readonly normalize: BatchNormalize;
  /** Added to the variance. */
  readonly epsilon: number;
}

export interface ConvNetOptions {
  /** Default `batchNorm`; `trainingBatchNorm()` while training. */
  readonly normalize?: BatchNormalize;
}

export function convUnitSpec(size: number, inputs: number, outputs: number): ConvUnit {
  return { conv: conv2dSpec(size, inputs, outputs), norm: batchNormSpec(outputs) };
}

export interface UnitOptions extends ConvOptions {
  /** Applied to what the norm gives. */
  readonly activation?: Activation;
  /** Added last; in the shape of the result. */
  readonly residual?: tf.Tensor4D;
}

/**
 * Unless `padding` is given, the filter is centred: `[n, height, width, inputs]` to `[n, ceil(height / stride), ceil(width / stride), outputs]`. A norm by
 * the statistics of training is part of the convolution.
 */
export function convUnit(
  { conv, norm, folded }: ParamsOf<ConvUnit> & MaybeFolded,
  x: tf.Tensor4D,
  { normalize, epsilon }: Normalization,
  { stride = 1, padding = (conv.weight.shape[0] - 1) / 2, activation, residual }: UnitOptions = {},
): tf.Tensor4D {
  if (normalize === batchNorm) {
    const { scale, bias } = folded ?? normFactors(norm, epsilon);
    return conv2d({ weight: conv.weight, bias }, x, { stride, padding, scale, activation, residual });
  }
  const y = normalize(norm, conv2d(conv, x, { stride, padding }), epsilon);
  const active = activation ? activation(y) : y;
  return residual ? tf.add(active, residual) : active;
}

/** The same of filters of single channels, `[size, size, channels, 1]`. */
export function depthwiseUnit(
  { conv, norm, folded }: ParamsOf<DepthwiseUnit> & MaybeFolded,
  x: tf.Tensor4D,
  { normalize, epsilon }: Normalization,
  { stride = 1, padding = (conv.weight.shape[0] - 1) / 2, activation }: DepthwiseConvOptions = {},
): tf.Tensor4D {
  if (normalize === batchNorm) {
    const { scale, bias, weight = byChannel(conv.weight, scale) }: FoldedNorm = folded ?? normFactors(norm, epsilon);
    return depthwiseConv2d({ weight, bias }, x, { stride, padding, ...(activation && { activation }) });
  }
  const y = normalize(norm, depthwiseConv2d(conv, x, { stride, padding }), epsilon);
  return activation ? activation(y) : y;
}

/** Filters of single channels, each times its channel's number. */
export function byChannel(filter: tf.Tensor4D, scale: tf.Tensor1D): tf.Tensor4D {
  return tf.mul(filter, tf.expandDims(scale, 1));
}

/** Table entries for the unit at `path`. */
export function convUnitNames(path: string, conv: string, norm: string): NameTable['names'] {
  return { [`${path}.conv`]: conv, ...batchNormNames(`${path}.norm`, norm) };
}
