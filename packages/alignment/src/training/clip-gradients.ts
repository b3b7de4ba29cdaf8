import { expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named } from './arrays.ts';

/** Keeps the quotient finite; PyTorch's. */
const epsilon = 1e-6;

/** Length of all gradients as one vector. */
export function globalNorm(gradients: Named): tf.Scalar {
  expectMembers(gradients, 'globalNorm: gradients', 'get');
  const squares = [...gradients.values()].map((gradient) => tf.sum<tf.Scalar>(tf.square(gradient)));
  return tf.sqrt(tf.addN(squares));
}

/** Gradients times `min(1, maxNorm / (norm + 1e-6))`. */
export function clipGradients(gradients: Named, norm: tf.Scalar, maxNorm: number): Named {
  expectMembers(gradients, 'clipGradients: gradients', 'get');
  const factor = tf.minimum(tf.div(maxNorm, tf.add(norm, epsilon)), 1);
  return new Map([...gradients].map(([name, gradient]) => [name, tf.mul(gradient, factor)]));
}

/** Puts every value of a variable back into `[low, high]`, as CLIP does with its temperature after each step. */
export function clampVariable(variable: tf.Variable, low: number, high: number): void {
  expectMembers(variable, 'clampVariable: variable', 'assign');
  tf.tidy(() => variable.assign(tf.clipByValue(variable, low, high)));
}
