import {
  expectMembers,
  type FusedActivation,
  geluTanh as tanhForm,
  normalTail as tail,
  quickGeluSlope,
} from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { fuse, runFused, runFusedAll } from './fused.ts';
import { withGradient } from './with-gradient.ts';

/** An elementwise nonlinearity. */
export type Activation = <T extends tf.Tensor>(x: T) => T;

/** `x σ(1.702 x)`, what OpenAI trained CLIP with. */
export const quickGelu: Activation = (x) =>
  fusedActivation(x, 'quick_gelu', (input) => tf.mul(input, tf.sigmoid(tf.mul(input, quickGeluSlope))));

/** `x (1 + tanh u) / 2 = x σ(2u)` with `u = √(2/π) (x + 0.044715 x³)`. */
export const geluTanh: Activation = (x) => fusedActivation(x, 'gelu_pytorch_tanh', plainGeluTanh);

const plainGeluTanh: Activation = (x) => {
  const slope = tf.add(tf.mul(tf.square(x), tanhForm.cubic), tanhForm.linear);
  return tf.mul(x, tf.sigmoid(tf.mul(x, slope)));
};

/** `x σ(x)`. */
export const silu: Activation = (x) => fusedActivation(x, 'silu', (input) => tf.mul(input, tf.sigmoid(input)));

/** `x relu6(x + 3) / 6`, Howard et al. 2019, arXiv:1905.02244. */
export const hardSwish: Activation = (x) =>
  fusedActivation(x, 'hardswish', (input) => tf.mul(input, hardSigmoid(input)));

/** `relu6(x + 3) / 6`, flat at both corners as in PyTorch. */
export const hardSigmoid: Activation = (x) => fusedActivation(x, 'hardsigmoid', plainHardSigmoid);

const plainHardSigmoid: Activation = (x) => {
  const forward = (input: typeof x) => tf.mul<typeof x>(tf.relu6(tf.add(input, 3)), 1 / 6);
  return withGradient(x, forward, (dy, input) => {
    return tf.mul(dy, tf.mul(tf.cast(tf.less(tf.abs(input), 3), 'float32'), 1 / 6));
  });
};

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

/** `Φ(-z)` for `z >= 0`: the bell curve times a polynomial. */
function normalTail(z: tf.Tensor): tf.Tensor {
  const t = tf.reciprocal(tf.add(tf.mul(z, tail.slope), 1));
  const [highest, ...lower] = tail.polynomial;
  const polynomial = lower.reduce<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, t), c), tf.scalar(highest));
  return tf.mul(polynomial, bell(z));
}

function bell(x: tf.Tensor): tf.Tensor {
  return tf.exp(tf.mul(tf.square(x), -0.5));
}

/** `plain(x)`, by the kernels for `activation` where the backend has them. */
function fusedActivation<T extends tf.Tensor>(x: T, activation: FusedActivation, plain: (x: T) => T): T {
  expectMembers(x, activation, 'shape');
  return fuse([x], {
    plain,
    fused: (input) => runFused('DiptychActivate', { x: input }, { activation }),
    gradients: (dy, input) => runFusedAll('DiptychActivateGrad', { x: input, dy }, { activation }),
  });
}
