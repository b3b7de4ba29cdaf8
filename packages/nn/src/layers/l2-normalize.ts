import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient.ts';

/** PyTorch's `normalize` divides by at least 1e-12. */
const smallestSquare = 1e-24;

/** Rows of the last axis to length 1. A zero row stays zero and gets no gradient. */
export function l2Normalize<T extends tf.Tensor>(x: T): T {
  expectMembers(x, 'x', 'shape');
  const forward = (rows: T) => tf.mul<T>(rows, inverseNorm(rows));
  return withGradient(x, forward, (dy, rows, y) => {
    const along = tf.sum(tf.mul(dy, y), -1, true);
    return tf.mul(tf.sub(dy, tf.mul(y, along)), inverseNorm(rows));
  });
}

function inverseNorm(x: tf.Tensor): tf.Tensor {
  const squares = tf.sum(tf.square(x), -1, true);
  return tf.mul(tf.rsqrt(tf.maximum(squares, smallestSquare)), tf.cast(tf.greater(squares, 0), 'float32'));
}
