import * as tf from '@tensorflow/tfjs-core';
import { linear } from './linear.ts';
import type { RecurrentKind } from './recurrent.ts';

/** Long short-term memory, Hochreiter & Schmidhuber 1997, with PyTorch's gates: input, forget, cell, output. */
export const lstm: RecurrentKind = {
  name: 'lstm',
  gates: 4,
  states: 2,
  step: (input, [h, c], hidden) => {
    const [write, keep, candidate, read] = tf.split(tf.add(input, linear(hidden, h!)), 4, 1);
    const written = tf.mul(tf.sigmoid(write!), tf.tanh(candidate!));
    const cell = tf.add<tf.Tensor2D>(tf.mul(tf.sigmoid(keep!), c!), written);
    return [tf.mul(tf.sigmoid(read!), tf.tanh(cell)), cell];
  },
};
