import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { useBackend } from '../../src/index.ts';
import { kernelVariant, type KernelVariant } from '../../src/kernels/binary.ts';
import { installKernels } from '../../src/kernels/install-kernels.ts';
import type { Runtime } from '../../src/kernels/runtime.ts';

const variants: readonly KernelVariant[] = kernelVariant() === 'simd' ? ['simd'] : ['relaxed-simd', 'simd'];

/** The same tests with each build of the kernels that this engine can run. */
export function describeVariants(name: string, body: (runtime: () => Runtime, variant: KernelVariant) => void): void {
  describe.each(variants)(`${name}, %s`, (variant) => {
    let runtime: Runtime;
    beforeAll(async () => {
      await useBackend('wasm');
      ({ runtime } = await installKernels(tf.backend(), variant));
    });
    body(() => runtime, variant);
  });
}
