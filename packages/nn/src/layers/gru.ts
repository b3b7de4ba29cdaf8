import * as tf from '@tensorflow/tfjs-core';
import { linear } from './linear.ts';
import type { RecurrentKind } from './recurrent.ts';

/**
 * Gated recurrent unit, Cho et al. 2014, arXiv:1406.1078, with PyTorch's gates in its order: reset, update, new. The
 * hidden bias of the new gate is inside the product with the reset gate.
 */
export const gru: RecurrentKind = {
  name: 'gru',
  gates: 3,
  states: 1,
  step: (input, [h], hidden) => {
    const [inputReset, inputUpdate, inputNew] = tf.split(input, 3, 1);
    const [hiddenReset, hiddenUpdate, hiddenNew] = tf.split(linear(hidden, h!), 3, 1);
    const reset = tf.sigmoid(tf.add(inputReset!, hiddenReset!));
    const update = tf.sigmoid(tf.add(inputUpdate!, hiddenUpdate!));
    const candidate = tf.tanh(tf.add(inputNew!, tf.mul(reset, hiddenNew!)));
    return [tf.add(tf.mul(tf.sub(1, update), candidate), tf.mul(update, h!))];
  },
};
