import { EmbeddingError } from '@diptych/core';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { Runtime } from './runtime.ts';

/** Makes one kernel over a runtime. */
export type KernelDefinition = (runtime: Runtime) => KernelConfig;

interface Signature {
  readonly inputs: object;
  readonly attrs: object;
}

/** `run` as a kernel of the wasm backend; inputs that were not given are undefined. */
export function defineKernel<S extends Signature>(
  kernelName: string,
  run: (runtime: Runtime, inputs: S['inputs'], attrs: S['attrs']) => TensorInfo | TensorInfo[],
): KernelDefinition {
  return (runtime) => ({
    kernelName,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      if (backend !== runtime.backend) {
        throw new EmbeddingError(
          'BACKEND_UNAVAILABLE',
          `${kernelName}: the backend was replaced; call useBackend again`,
        );
      }
      return runtime.whole(() => run(runtime, inputs, attrs as object));
    },
  });
}
