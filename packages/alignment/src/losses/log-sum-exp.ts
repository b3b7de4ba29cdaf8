import { customGradient, logSigmoid } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Far below every logit, yet finite in float32: an empty row sums to it, and softplus takes it to 0. */
const lowest = -1e30;

/** `log Σ exp(x)` over the last axis, of the entries where `mask` is 1. A row without any gives -1e30, and no gradient. */
export function logSumExp(x: tf.Tensor2D, mask: tf.Tensor2D): tf.Tensor1D {
  return customGradient([x, mask], (save, logits, chosen) => {
    const visible = tf.where(tf.greater(chosen, 0), logits, tf.fill(logits.shape, lowest));
    const top = tf.max(visible, -1, true);
    const parts = tf.mul(tf.exp(tf.sub(visible, top)), chosen);
    const total = tf.sum(parts, -1, true);
    const empty = tf.cast(tf.equal(total, 0), 'float32');
    save([tf.div(parts, tf.add(total, empty))]);
    return {
      value: tf.squeeze<tf.Tensor1D>(tf.add(tf.log(tf.add(total, empty)), top), [-1]),
      gradFunc: (dy: tf.Tensor, [softmax]: tf.Tensor[]) => [
        tf.mul(tf.expandDims(dy, -1), softmax!),
        tf.zerosLike(softmax!),
      ],
    };
  });
}

/** `log(1 + exp(x))` without overflow. */
export function softplus<T extends tf.Tensor>(x: T): T {
  return tf.neg(logSigmoid(tf.neg(x)));
}
