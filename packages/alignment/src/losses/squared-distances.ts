import * as tf from '@tensorflow/tfjs-core';

/** `|a - b|²` of every row of `a` with every row of `b`, `[a rows, b rows]`; never below 0. */
export function squaredDistances(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const [first, second] = [a, b].map((rows) => tf.sum(tf.square(rows), -1));
  const norms = tf.add(tf.expandDims(first!, 1), tf.expandDims(second!, 0));
  return tf.relu(tf.sub(norms, tf.mul(tf.matMul(a, b, false, true), 2)));
}
