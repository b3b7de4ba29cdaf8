import type { FusedKernels } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * What a fused kernel gives; undefined where the current backend has none of that name, or a gradient is being recorded,
 * which fused kernels do not have. The caller then goes on with plain operations.
 */
export function runFused<Name extends keyof FusedKernels>(
  name: Name,
  inputs: FusedKernels[Name]['inputs'],
  attrs: FusedKernels[Name]['attrs'],
): tf.Tensor | undefined {
  const engine = tf.engine();
  if (engine.isTapeOn() || !tf.getKernel(name, engine.backendName)) return undefined;
  const given = Object.values<tf.TensorInfo | undefined>(inputs);
  if (given.some((input) => input && input.dtype !== 'float32')) return undefined;
  return engine.runKernel(name, inputs as unknown as tf.NamedTensorMap, attrs);
}
