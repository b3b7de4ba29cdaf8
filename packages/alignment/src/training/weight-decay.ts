import { expectList } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { UpdateInput } from './update-rule.ts';

/** The names that open_clip's training leaves alone, and this project's. */
const exempt = /bn|ln|norm|bias|logit_scale|logit_bias|logScale/;

/** open_clip's rule: weight decay moves arrays of two axes and more, but no normalisation, bias or temperature. */
export function decaysWeight(name: string, shape: readonly number[]): boolean {
  expectList(shape, 'decaysWeight: shape');
  return shape.length >= 2 && !exempt.test(name);
}

/** The gradient with `decay` times the value, L2 regularisation. */
export function coupledDecay({ gradient, value, decays }: UpdateInput, decay: number): tf.Tensor {
  return decays && decay !== 0 ? tf.add(gradient, tf.mul(value, decay)) : gradient;
}
