import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ConvOptions } from './conv2d.ts';

/**
 * Largest value under square windows of `x` `[n, height, width, channels]`; the padding is never it. The first of equal
 * values gets the gradient.
 */
export function maxPool(x: tf.Tensor4D, size: number, options: ConvOptions = {}): tf.Tensor4D {
  expectMembers(x, 'x', 'shape');
  const { stride = 1, padding = 0 } = expectMembers(options, 'options');
  return tf.maxPool(x, size, stride, padding);
}
