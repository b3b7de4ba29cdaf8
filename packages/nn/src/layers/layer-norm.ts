import * as tf from '@tensorflow/tfjs-core';
import { fuse, runFused, runFusedAll } from './fused.ts';
import { ones, zeros } from '../spec/initializer.ts';
import { param, type Param, type ParamsOf } from '../spec/spec.ts';

export type LayerNorm = { readonly weight: Param<readonly [number]>; readonly bias: Param<readonly [number]> };

export function layerNormSpec(width: number): LayerNorm {
  return { weight: param([width], ones), bias: param([width], zeros) };
}

/** Rows of the last axis to mean 0 and population variance 1, then scaled and shifted; Ba et al. 2016, arXiv:1607.06450. */
export function layerNorm<T extends tf.Tensor>({ weight, bias }: ParamsOf<LayerNorm>, x: T, epsilon: number): T {
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
