import * as tf from '@tensorflow/tfjs-core';
import { xavierUniform, type Initializer, zeros } from './initializer.ts';
import { param, type Param, type ParamsOf } from './spec.ts';

/** A linear layer without a bias. */
export type Projection = { readonly weight: Param<readonly [number, number]> };
export type Linear = Projection & { readonly bias: Param<readonly [number]> };

/** The weight is `[inputs, outputs]`, the transpose of PyTorch's. */
export function projectionSpec(
  inputs: number,
  outputs: number,
  init: Initializer = xavierUniform(inputs, outputs),
): Projection {
  return { weight: param([inputs, outputs], init, [1, 0]) };
}

/** A projection and a bias of zeros. */
export function linearSpec(inputs: number, outputs: number, init?: Initializer): Linear {
  return { ...projectionSpec(inputs, outputs, init), bias: param([outputs], zeros) };
}

/** `x · weight + bias` over the last axis of `x`, which may have any rank. */
export function linear<T extends tf.Tensor>(
  { weight, bias }: ParamsOf<Projection> & Partial<ParamsOf<Linear>>,
  x: T,
): T {
  const [inputs, outputs] = weight.shape;
  // Two axes keep the wasm backend on its fast path.
  const y = tf.matMul(tf.reshape<tf.Rank.R2>(x, [-1, inputs]), weight);
  const shape = [...x.shape.slice(0, -1), outputs];
  return tf.reshape(bias ? tf.add(y, bias) : y, shape) as T;
}
