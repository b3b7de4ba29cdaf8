import { expectFunction, expectMembers } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './activation.ts';
import { linear, type Linear, linearColumns, type Projection } from './linear.ts';
import { type Initializer, normal } from '../spec/initializer.ts';
import type { ParamsOf } from '../spec/spec.ts';

/** `fc1` gives gates and values side by side, `[width, 2 * hidden]`; files may leave out the biases. */
export type GatedMlp<Layer extends Projection = Projection> = { readonly fc1: Layer; readonly fc2: Layer };

export interface GatedMlpOptions<T extends tf.Tensor> {
  /** Applied to the gates: `silu` for SwiGLU, `gelu` for GEGLU; Shazeer 2020, arXiv:2002.05202. */
  readonly activation: Activation;
  /** Of the hidden values, before the second layer. Default none. */
  readonly norm?: ((hidden: T) => T) | undefined;
  /** Added to the result. */
  readonly residual?: T | undefined;
}

export type GatedMlpLayer = ParamsOf<Projection> & Partial<ParamsOf<Linear>>;

/** @param layer Makes both layers: `projectionSpec` without biases, `linearSpec` with them. */
export function gatedMlpSpec<Layer extends Projection>(
  width: number,
  hidden: number,
  layer: (inputs: number, outputs: number, init: Initializer) => Layer,
): GatedMlp<Layer> {
  expectFunction(layer, 'layer');
  return {
    fc1: layer(width, 2 * hidden, normal((2 * width) ** -0.5)),
    fc2: layer(hidden, width, normal(width ** -0.5)),
  };
}

/** `fc2(norm(activation(gates) · values))` over the last axis of `x`. */
export function gatedMlp<T extends tf.Tensor>(
  params: { readonly fc1: GatedMlpLayer; readonly fc2: GatedMlpLayer },
  x: T,
  options: GatedMlpOptions<T>,
): T {
  const { fc1, fc2 } = expectMembers(params, 'parameters', 'fc1', 'fc2');
  const { activation, norm, residual } = expectMembers(options, 'options', 'activation');
  const hidden = fc1.weight.shape[1] / 2;
  const gates = linearColumns(fc1, x, [0, hidden], activation);
  const product = tf.mul<T>(gates, linearColumns(fc1, x, [hidden, 2 * hidden]));
  return linear(fc2, norm ? norm(product) : product, { residual });
}
