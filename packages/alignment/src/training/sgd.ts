import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { coupledDecay } from './weight-decay.ts';
import type { UpdateRule } from './update-rule.ts';

export interface SgdOptions {
  /** Default 0. */
  readonly momentum?: number;
  /** Looks ahead by one step of momentum; default false. */
  readonly nesterov?: boolean;
  /** Added to the gradient, times the value; default 0. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent as in PyTorch, without dampening. */
export function sgd(options: SgdOptions = {}): UpdateRule {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = expectMembers(options, 'sgd: options');
  return {
    memory: momentum === 0 ? [] : ['velocity'],
    update: (input) => {
      const gradient = coupledDecay(input, weightDecay);
      const velocity = input.memory.map((old) => tf.add(tf.mul(old, momentum), gradient));
      const ahead = nesterov ? velocity.map((v) => tf.add(gradient, tf.mul(v, momentum))) : velocity;
      const value = tf.sub(input.value, tf.mul(ahead[0] ?? gradient, input.learningRate));
      return { value, memory: velocity };
    },
  };
}
