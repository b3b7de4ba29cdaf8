import { type FusedKernels, type WeightStore, weightStoreOf, type WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Runs one fused kernel as nn does. */
export function run<Name extends keyof FusedKernels>(
  name: Name,
  inputs: FusedKernels[Name]['inputs'],
  attrs: FusedKernels[Name]['attrs'],
): tf.Tensor {
  return runAll(name, inputs, attrs)[0]!;
}

/** The same for a kernel with several outputs. */
export function runAll<Name extends keyof FusedKernels>(
  name: Name,
  inputs: FusedKernels[Name]['inputs'],
  attrs: FusedKernels[Name]['attrs'],
): tf.Tensor[] {
  const given: Readonly<Record<string, tf.TensorInfo | undefined>> = { ...inputs };
  const output = tf
    .engine()
    .runKernel<tf.Tensor | tf.Tensor[]>(name, given as tf.NamedTensorMap, attrs as tf.NamedAttrMap);
  return Array.isArray(output) ? output : [output];
}

/** Runs any kernel of the current backend, with whatever attributes. */
export function kernel(name: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap);
}

/** That of the current backend, which has one. */
export function store(): WeightStore {
  return weightStoreOf(tf.backend())!;
}

/** What the store gives, as a tensor. */
export function tensorOf(data: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(data);
}

/** A weight `[k, n]` as it is kept in `dtype`. */
export function packed(weight: tf.Tensor, dtype: WeightType): tf.Tensor {
  return tensorOf(store().pack(weight, { shape: weight.shape, dtype, asIs: true }));
}

/** What `make` gives, as host numbers; every tensor is freed, and none is left behind. */
export function valuesOf(make: () => tf.Tensor): Float32Array {
  const before = tf.memory().numTensors;
  let values = new Float32Array();
  // An array that `tidy` gives is searched for tensors, value by value.
  tf.tidy(() => void (values = make().dataSync<'float32'>() as typeof values));
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

/** Every number within `atol + rtol * |expected|`; NaN equals NaN, infinities themselves. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, atol = 1e-5, rtol = 0): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [value, wanted] = [got[i]!, expected[i]!];
    if (Object.is(value, wanted) || value === wanted) continue;
    if (!(Math.abs(value - wanted) <= atol + rtol * Math.abs(wanted))) {
      expect.fail(`number ${i}: got ${value}, expected ${wanted}`);
    }
  }
}
