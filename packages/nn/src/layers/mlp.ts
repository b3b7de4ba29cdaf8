import type { Tensor } from '@tensorflow/tfjs-core';
import type { Activation } from './activation.ts';
import { normal } from '../spec/initializer.ts';
import { linear, type Linear, linearSpec } from './linear.ts';
import type { ParamsOf } from '../spec/spec.ts';

export type Mlp = { readonly fc1: Linear; readonly fc2: Linear };

/** @param outStd Standard deviation of the second weights at the start; default `width ** -0.5`. */
export function mlpSpec(width: number, hidden: number, outStd: number = width ** -0.5): Mlp {
  return {
    fc1: linearSpec(width, hidden, normal((2 * width) ** -0.5)),
    fc2: linearSpec(hidden, width, normal(outStd)),
  };
}

/** Two linear layers over the last axis of `x`, with an activation between them; `residual` is added to the result. */
export function mlp<T extends Tensor>({ fc1, fc2 }: ParamsOf<Mlp>, x: T, activation: Activation, residual?: T): T {
  return linear(fc2, linear(fc1, x, { activation }), { residual });
}
