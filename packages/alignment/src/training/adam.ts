import * as tf from '@tensorflow/tfjs-core';
import type { UpdateInput, UpdateRule } from './update-rule.ts';
import { coupledDecay } from './weight-decay.ts';

export interface AdamOptions {
  /** Default `[0.9, 0.999]`; CLIP's vision transformers take `[0.9, 0.98]`. */
  readonly betas?: readonly [first: number, second: number];
  /** Added to the root of the second moment; default 1e-8, CLIP 1e-6. */
  readonly epsilon?: number;
  /** Default 0 for `adam`, 0.01 for `adamW`. */
  readonly weightDecay?: number;
}

/** Adam, Kingma & Ba 2015, arXiv:1412.6980, as in PyTorch: weight decay is part of the gradient. */
export function adam({ weightDecay = 0, ...options }: AdamOptions = {}): UpdateRule {
  return {
    memory,
    update: (input) => move({ ...input, gradient: coupledDecay(input, weightDecay) }, options),
  };
}

/** Adam whose weight decay shrinks the value itself, Loshchilov & Hutter 2019, arXiv:1711.05101. */
export function adamW({ weightDecay = 0.01, ...options }: AdamOptions = {}): UpdateRule {
  return {
    memory,
    update: (input) => {
      const kept = 1 - (input.decays ? input.learningRate * weightDecay : 0);
      return move({ ...input, value: tf.mul(input.value, kept) }, options);
    },
  };
}

const memory = ['mean', 'square'];

function move(
  { value, gradient, memory: [mean, square], learningRate, step }: UpdateInput,
  { betas: [first, second] = [0.9, 0.999], epsilon = 1e-8 }: AdamOptions,
): ReturnType<UpdateRule['update']> {
  const newMean = tf.add(tf.mul(mean!, first), tf.mul(gradient, 1 - first));
  const newSquare = tf.add(tf.mul(square!, second), tf.mul(tf.square(gradient), 1 - second));
  const scale = tf.add(tf.div(tf.sqrt(newSquare), Math.sqrt(1 - second ** step)), epsilon);
  const change = tf.mul(tf.div(newMean, scale), learningRate / (1 - first ** step));
  return { value: tf.sub(value, change), memory: [newMean, newSquare] };
}
