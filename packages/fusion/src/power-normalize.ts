import { l2Normalize, withGradient } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Keeps the gradient at zero finite. */
const smallest = 1e-12;

/** `sign(x) √(|x| + 1e-12)`; a zero stays zero and gets no gradient. */
function signedSqrt<T extends tf.Tensor>(x: T): T {
  const forward = (values: T) => tf.mul<T>(tf.sign(values), tf.sqrt(tf.add(tf.abs(values), smallest)));
  return withGradient(x, forward, (dy, values) => {
    const slope = tf.mul(tf.abs(tf.sign(values)), tf.rsqrt(tf.add(tf.abs(values), smallest)));
    return tf.mul(dy, tf.mul(slope, 0.5));
  });
}

/** Signed square roots, then rows of length 1, as bilinear pooling ends. */
export function powerNormalize<T extends tf.Tensor>(x: T): T {
  return l2Normalize(signedSqrt(x));
}
