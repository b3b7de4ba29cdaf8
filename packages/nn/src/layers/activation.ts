import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { fusedActivation } from './fused-activation.ts';
import { gelu } from './gelu.ts';
import { withGradient } from './with-gradient.ts';

/** An elementwise nonlinearity. */
export type Activation = <T extends tf.Tensor>(x: T) => T;

/**
 * The activation that configuration files call `name`: `quick_gelu`, `gelu`, `gelu_pytorch_tanh`, `gelu_new`, `silu`,
 * `swish`, `hardswish`, `relu`, `relu6` or `tanh`.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for any other name.
 */
export function activation(name: string): Activation {
  const found = activations.get(name);
  if (found) return found;
  const known = [...activations.keys()].join(', ');
  throw new EmbeddingError('CONFIG_INVALID', { where: 'activation', expected: `one of ${known}`, got: `'${name}'` });
}

/** `x σ(1.702 x)`, what OpenAI trained CLIP with. */
export const quickGelu: Activation = (x) =>
  fusedActivation(x, 'quick_gelu', (input) => tf.mul(input, tf.sigmoid(tf.mul(input, 1.702))));

/** `x (1 + tanh u) / 2 = x σ(2u)` with `u = √(2/π) (x + 0.044715 x³)`. */
export const geluTanh: Activation = (x) => fusedActivation(x, 'gelu_pytorch_tanh', plainGeluTanh);

const plainGeluTanh: Activation = (x) => {
  const slope = tf.add(tf.mul(tf.square(x), 2 * Math.sqrt(2 / Math.PI) * 0.044715), 2 * Math.sqrt(2 / Math.PI));
  return tf.mul(x, tf.sigmoid(tf.mul(x, slope)));
};

/** `x σ(x)`. */
export const silu: Activation = (x) => fusedActivation(x, 'silu', (input) => tf.mul(input, tf.sigmoid(input)));

/** `x relu6(x + 3) / 6`, Howard et al. 2019, arXiv:1905.02244. */
export const hardSwish: Activation = (x) => tf.mul(x, hardSigmoid(x));

/** `relu6(x + 3) / 6`, flat at both corners as in PyTorch. */
export const hardSigmoid: Activation = (x) => {
  const forward = (input: typeof x) => tf.mul<typeof x>(tf.relu6(tf.add(input, 3)), 1 / 6);
  return withGradient(x, forward, (dy, input) => {
    return tf.mul(dy, tf.mul(tf.cast(tf.less(tf.abs(input), 3), 'float32'), 1 / 6));
  });
};

const activations: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['quick_gelu', quickGelu],
  ['gelu', gelu],
  ['gelu_pytorch_tanh', geluTanh],
  ['gelu_new', geluTanh],
  ['silu', silu],
  ['swish', silu],
  ['hardswish', hardSwish],
  ['relu', tf.relu],
  ['relu6', tf.relu6],
  ['tanh', tf.tanh],
]);
