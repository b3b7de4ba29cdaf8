import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.ts';

/** `log(softmax(x))` over the last axis, in nats; on backends without tfjs's own kernel too. */
export function logSoftmax<T extends tf.Tensor>(x: T): T {
  expectMembers(x, 'x', 'shape');
  const forward = (logits: T) => {
    const shifted = tf.sub<T>(logits, tf.max(logits, -1, true));
    return tf.sub<T>(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
  };
  return withGradient(x, forward, (dy, _, y) => tf.sub(dy, tf.mul(tf.exp(y), tf.sum(dy, -1, true))));
}

/** `log(σ(x)) = min(x, 0) - log(1 + exp(-|x|))`, in nats. */
export function logSigmoid<T extends tf.Tensor>(x: T): T {
  expectMembers(x, 'x', 'shape');
  const forward = (logits: T) => tf.sub<T>(tf.minimum(logits, 0), tf.log1p(tf.exp(tf.neg(tf.abs(logits)))));
  return withGradient(x, forward, (dy, logits) => tf.mul(dy, tf.sigmoid(tf.neg(logits))));
}
