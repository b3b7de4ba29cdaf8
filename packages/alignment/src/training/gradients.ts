import { expectFunction, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Named } from './arrays.ts';

/** A loss and its gradient for every variable that it depends on. */
export interface LossGradients {
  readonly loss: tf.Scalar;
  readonly gradients: Named;
}

/** Gradients by the names of the variables. */
export function lossGradients(variables: Named<tf.Variable>, loss: () => tf.Scalar): LossGradients {
  expectFunction(loss, 'lossGradients: loss');
  expectMembers(variables, 'lossGradients: variables', 'get');
  const { value, grads } = tf.variableGrads(loss, [...variables.values()]);
  const found = [...variables].filter(([, variable]) => grads[variable.name]);
  return { loss: value, gradients: new Map(found.map(([name, variable]) => [name, grads[variable.name]!])) };
}
