import { type Activation, type BiasedConv2d, biasedConv2dSpec, conv2d, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Channels weighted by what the whole image holds, Hu et al. 2017, arXiv:1709.01507. */
export type SqueezeExcite = { readonly fc1: BiasedConv2d; readonly fc2: BiasedConv2d };

export function squeezeExciteSpec(channels: number, hidden: number): SqueezeExcite {
  return { fc1: biasedConv2dSpec(1, channels, hidden), fc2: biasedConv2dSpec(1, hidden, channels) };
}

/** @param gate Default the logistic function. */
export function squeezeExcite(
  { fc1, fc2 }: ParamsOf<SqueezeExcite>,
  x: tf.Tensor4D,
  gate: Activation = tf.sigmoid,
): tf.Tensor4D {
  const mean = tf.mean<tf.Tensor4D>(x, [1, 2], true);
  return tf.mul(x, conv2d(fc2, conv2d(fc1, mean, { activation: tf.relu }), { activation: gate }));
}
