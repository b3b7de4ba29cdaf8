import * as tf from '@tensorflow/tfjs-core';
import { fusedActivation } from './fused-activation.ts';
import { withGradient } from './with-gradient.ts';

/** `x Φ(x)` with the error function, within `2e-7 max(1, |x|)`; `tf.erf` alone is off by more in float32. */
export function gelu<T extends tf.Tensor>(x: T): T {
  const plain = (input: T) => withGradient(input, plainGelu<T>, (dy, given) => tf.mul(dy, geluSlope(given)));
  return fusedActivation(x, 'gelu', plain);
}

/** `x Φ(x) = max(x, 0) - |x| Φ(-|x|)` has no cancellation in either tail. */
function plainGelu<T extends tf.Tensor>(x: T): T {
  return tf.sub<T>(tf.relu(x), tf.mul(tf.abs(x), normalTail(tf.abs(x))));
}

/** `Φ(x) + x φ(x)`, Hendrycks & Gimpel 2016, arXiv:1606.08415. */
function geluSlope(x: tf.Tensor): tf.Tensor {
  const cumulative = tf.add(0.5, tf.mul(tf.sign(x), tf.sub(0.5, normalTail(tf.abs(x)))));
  return tf.add(cumulative, tf.mul(tf.mul(x, 1 / Math.sqrt(2 * Math.PI)), bell(x)));
}

/** `Φ(-z)` for `z >= 0`: the bell curve times a polynomial in `t = 1 / (1 + 0.35 z)`, the form of Hastings 1955. */
function normalTail(z: tf.Tensor): tf.Tensor {
  const t = tf.reciprocal(tf.add(tf.mul(z, 0.35), 1));
  const [highest, ...lower] = tailCoefficients;
  const polynomial = lower.reduce<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, t), c), tf.scalar(highest));
  return tf.mul(polynomial, bell(z));
}

/** From degree 6 down; fitted for least maximum error, weighted with `max(1, z) exp(-z²/2)`: 1e-8 in exact numbers. */
const tailCoefficients = [
  0.047302739, -0.299346901, 0.626813675, -0.300698098, 0.326063452, 0.0954640028, 0.00440112017,
] as const;

function bell(x: tf.Tensor): tf.Tensor {
  return tf.exp(tf.mul(tf.square(x), -0.5));
}
