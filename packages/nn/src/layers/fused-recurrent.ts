import type { FusedRecurrent } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { hasFused, runFusedAll } from './fused.ts';
import { customGradient, gradientsOf } from './with-gradient.ts';

/** `x` is `[n, length, inputs]`, or with `rows` in the attributes `[m, inputs]`. */
export type RecurrentInputs = readonly [
  x: tf.Tensor,
  inputWeight: tf.Tensor2D,
  inputBias: tf.Tensor1D,
  hiddenWeight: tf.Tensor2D,
  hiddenBias: tf.Tensor1D,
];

/**
 * One direction of a recurrent layer by the kernels, forward and back each in one; undefined where the backend has none.
 * Gives `[n, length, states * hidden]`.
 *
 * @param plain The same in plain operations, by which a gradient of the gradient goes.
 */
export function fusedRecurrent(
  inputs: RecurrentInputs,
  mask: tf.Tensor2D,
  attrs: FusedRecurrent['attrs'],
  plain: (...inputs: RecurrentInputs) => tf.Tensor3D,
): tf.Tensor3D | undefined {
  if (!hasFused('DiptychRecurrent')) return undefined;
  if (!tf.engine().isTapeOn()) return forward(inputs, mask, attrs)?.[0] as tf.Tensor3D | undefined;
  return customGradient<RecurrentInputs, tf.Tensor3D>(inputs, (save, ...tensors) => {
    const [value, ...kept] = forward(tensors, mask, attrs) ?? [plain(...tensors)];
    save([...tensors, mask, ...kept]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      gradients(dy, saved, attrs) ?? gradientsOf(plain, saved.slice(0, 5), dy);
    return { value: value as tf.Tensor3D, gradFunc };
  });
}

function forward(
  [x, inputWeight, inputBias, hiddenWeight, hiddenBias]: RecurrentInputs,
  mask: tf.Tensor2D,
  attrs: FusedRecurrent['attrs'],
): tf.Tensor[] | undefined {
  return runFusedAll('DiptychRecurrent', { x, inputWeight, inputBias, hiddenWeight, hiddenBias, mask }, attrs);
}

function gradients(
  dy: tf.Tensor,
  [x, inputWeight, , hiddenWeight, , mask, gates, states, products]: tf.Tensor[],
  attrs: FusedRecurrent['attrs'],
): tf.Tensor[] | undefined {
  if (!products) return undefined;
  const inputs = {
    x: x!,
    inputWeight: inputWeight!,
    hiddenWeight: hiddenWeight!,
    mask: mask!,
    dy,
    gates: gates!,
    states: states!,
    products,
  };
  return runFusedAll('DiptychRecurrentGrad', inputs, attrs);
}
