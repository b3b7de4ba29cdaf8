import * as tf from '@tensorflow/tfjs-core';
import { type ConvOptions, convWindows, spread } from './conv-windows.ts';
import { withGradient } from './with-gradient.ts';

/**
 * Largest value under square windows of `x` `[n, height, width, channels]`; the padding is never it. The first of equal
 * values gets the gradient, on every backend: that of the wasm backend is wrong where windows overlap.
 */
export function maxPool(x: tf.Tensor4D, size: number, options: Omit<ConvOptions, 'dilation'> = {}): tf.Tensor4D {
  const { stride = 1, padding = 0 } = options;
  const forward = (input: tf.Tensor4D) => tf.maxPool(input, size, stride, padding);
  return withGradient(x, forward, (dy, input, y) => {
    const around = padded(input, padding);
    const windows = convWindows(around, size, [y.shape[1], y.shape[2]], { stride });
    let free = tf.onesLike(y);
    const parts = windows.map((window, at) => {
      const hit = tf.mul<tf.Tensor4D>(free, tf.cast(tf.equal(window, y), 'float32'));
      free = tf.sub(free, hit);
      const [row, column] = [Math.floor(at / size), at % size];
      return place(spread(tf.mul(hit, dy), stride), [row, column], around.shape);
    });
    return tf.slice(tf.addN(parts), [0, padding, padding, 0], input.shape);
  });
}

/** With a border of the lowest number of float32. */
function padded(x: tf.Tensor4D, padding: number): tf.Tensor4D {
  const side: [number, number] = [padding, padding];
  return tf.pad(x, [[0, 0], side, side, [0, 0]], -3.4028234663852886e38);
}

/** `x` at a corner of zeros of a larger shape. */
function place(x: tf.Tensor4D, [row, column]: readonly [number, number], shape: readonly number[]): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [row, shape[1]! - row - x.shape[1]],
    [column, shape[2]! - column - x.shape[2]],
    [0, 0],
  ]);
}
