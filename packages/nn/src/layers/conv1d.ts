import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { uniform } from '../spec/initializer.ts';
import { linear } from './linear.ts';
import { factor, param, type Param, type ParamsOf } from '../spec/spec.ts';

/** Weight `[size, inputs, outputs]`. */
export type Conv1d = {
  readonly weight: Param<readonly [number, number, number]>;
  readonly bias: Param<readonly [number]>;
};

export function conv1dSpec(size: number, inputs: number, outputs: number): Conv1d {
  const limit = (size * inputs) ** -0.5;
  const init = uniform(-limit, limit);
  return { weight: factor([size, inputs, outputs], init, [2, 1, 0]), bias: param([outputs], init) };
}

/** Convolution over the positions of `x` `[n, length, inputs]` without padding; `[n, length - size + 1, outputs]`. */
export function conv1d(params: ParamsOf<Conv1d>, x: tf.Tensor3D): tf.Tensor3D {
  const { weight, bias } = expectMembers(params, 'parameters', 'weight', 'bias');
  const [size, inputs, outputs] = weight.shape;
  const positions = x.shape[1] - size + 1;
  const shifted = Array.from({ length: size }, (_, i) => tf.slice(x, [0, i, 0], [-1, positions, -1]));
  const flat = tf.reshape<tf.Rank.R2>(weight, [size * inputs, outputs]);
  return linear({ weight: flat, bias }, tf.concat(shifted, 2));
}
