import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { UpdateRule } from './update-rule.ts';
import { coupledDecay } from './weight-decay.ts';

export interface AdagradOptions {
  /** Added to the root of the summed squares; default 1e-10. */
  readonly epsilon?: number;
  /** Added to the gradient, times the value; default 0. */
  readonly weightDecay?: number;
}

/** Adagrad, Duchi et al. 2011, as in PyTorch. */
export function adagrad(options: AdagradOptions = {}): UpdateRule {
  const { epsilon = 1e-10, weightDecay = 0 } = expectMembers(options, 'adagrad: options');
  return {
    memory: ['squares'],
    update: (input) => {
      const gradient = coupledDecay(input, weightDecay);
      const squares = tf.add(input.memory[0]!, tf.square(gradient));
      const change = tf.div(gradient, tf.add(tf.sqrt(squares), epsilon));
      return { value: tf.sub(input.value, tf.mul(change, input.learningRate)), memory: [squares] };
    },
  };
}
