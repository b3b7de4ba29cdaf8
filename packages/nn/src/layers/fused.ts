import type { FusedKernels } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { gradientsOf, withGradients } from './with-gradient.ts';

/**
 * What a fused kernel gives; undefined where the current backend has none of that name, or a gradient is being recorded,
 * for which tfjs would not know the kernel's. The caller then goes on with plain operations.
 */
export function runFused<Name extends keyof FusedKernels>(
  name: Name,
  inputs: FusedKernels[Name]['inputs'],
  attrs: FusedKernels[Name]['attrs'],
): tf.Tensor | undefined {
  return runFusedAll(name, inputs, attrs)?.[0];
}

/** Whether the current backend has a fused kernel. */
export function hasFused(name: keyof FusedKernels): boolean {
  return tf.getKernel(name, tf.engine().backendName) !== undefined;
}

/** The same for a kernel with several outputs. */
export function runFusedAll<Name extends keyof FusedKernels>(
  name: Name,
  inputs: FusedKernels[Name]['inputs'],
  attrs: FusedKernels[Name]['attrs'],
): tf.Tensor[] | undefined {
  const engine = tf.engine();
  if (engine.isTapeOn() || !tf.getKernel(name, engine.backendName)) return undefined;
  const given: Readonly<Record<string, tf.TensorInfo | undefined>> = { ...inputs };
  if (Object.values(given).some((input) => input && input.dtype !== 'float32')) return undefined;
  // The kernels are given tensors; that some may be left out tfjs does not say.
  const tensors = given as tf.NamedTensorMap;
  const output = engine.runKernel<tf.Tensor | tf.Tensor[]>(name, tensors, attrs as tf.NamedAttrMap);
  return Array.isArray(output) ? output : [output];
}

/** One function of several tensors, in plain operations and in fused kernels. */
export interface Fusable<X extends readonly [tf.Tensor, ...tf.Tensor[]], Y extends tf.Tensor> {
  readonly plain: (...inputs: X) => Y;
  readonly fused: (...inputs: X) => tf.Tensor | undefined;
  /** One gradient for each input, from `dy`. */
  readonly gradients: (dy: Y, ...inputs: X) => tf.Tensor[] | undefined;
}

/** The fused kernel where there is one, with its own gradient; a gradient of that gradient goes by plain operations. */
export function fuse<X extends readonly [tf.Tensor, ...tf.Tensor[]], Y extends tf.Tensor>(
  inputs: X,
  { plain, fused, gradients }: Fusable<X, Y>,
): Y {
  const forward = (...given: X) => (fused(...given) as Y | undefined) ?? plain(...given);
  const engine = tf.engine();
  if (!engine.isTapeOn()) return forward(...inputs);
  if (!tf.getKernel('DiptychLinear', engine.backendName)) return plain(...inputs);
  return withGradients(inputs, forward, (dy, given) => gradients(dy, ...given) ?? gradientsOf(plain, given, dy));
}
