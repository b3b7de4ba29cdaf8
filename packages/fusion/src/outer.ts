import * as tf from '@tensorflow/tfjs-core';

/** Every product of a value of `x` `[n, a]` and one of `y` `[n, b]`, row-major: `[n, a * b]`. */
export function outer(x: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor2D {
  const [n, a] = x.shape;
  const b = y.shape[1];
  return tf.reshape(tf.mul(tf.reshape(x, [n, a, 1]), tf.reshape(y, [n, 1, b])), [n, a * b]);
}

/** `[1; x]`: a one in front of each row. */
export function withOne(x: tf.Tensor2D): tf.Tensor2D {
  return tf.concat([tf.ones<tf.Rank.R2>([x.shape[0], 1]), x], 1);
}
