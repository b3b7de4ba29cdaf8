import { expectMembers } from '@diptych/core';
import { runFusedAll } from '@diptych/nn';
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
export function adam(options: AdamOptions = {}): UpdateRule {
  const { weightDecay = 0, ...rest } = expectMembers(options, 'adam: options');
  return {
    memory,
    update: (input) => move({ ...input, gradient: coupledDecay(input, weightDecay) }, 1, rest),
  };
}

/** Adam whose weight decay shrinks the value itself, Loshchilov & Hutter 2019, arXiv:1711.05101. */
export function adamW(options: AdamOptions = {}): UpdateRule {
  const { weightDecay = 0.01, ...rest } = expectMembers(options, 'adamW: options');
  return {
    memory,
    update: (input) => move(input, 1 - (input.decays ? input.learningRate * weightDecay : 0), rest),
  };
}

const memory = ['mean', 'square'];

/** @param keep What the value is multiplied by first. */
function move(
  { value, gradient, memory: [mean, square], learningRate, step }: UpdateInput,
  keep: number,
  { betas: [first, second] = [0.9, 0.999], epsilon = 1e-8 }: AdamOptions,
): ReturnType<UpdateRule['update']> {
  const rate = learningRate / (1 - first ** step);
  const correction = 1 / Math.sqrt(1 - second ** step);
  const inputs = { value, gradient, mean: mean!, square: square! };
  const [moved, ...kept] = runFusedAll('DiptychAdam', inputs, { first, second, keep, rate, correction, epsilon }) ?? [];
  if (moved) return { value: moved, memory: kept };
  const newMean = tf.add(tf.mul(mean!, first), tf.mul(gradient, 1 - first));
  const newSquare = tf.add(tf.mul(square!, second), tf.mul(tf.square(gradient), 1 - second));
  const scale = tf.add(tf.mul(tf.sqrt(newSquare), correction), epsilon);
  const change = tf.mul(tf.div(newMean, scale), rate);
  return { value: tf.sub(tf.mul(value, keep), change), memory: [newMean, newSquare] };
}
