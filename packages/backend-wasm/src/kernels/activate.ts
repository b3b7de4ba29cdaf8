import type { FusedActivate } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';

export const activate: KernelDefinition = defineKernel<FusedActivate>(
  'DiptychActivate',
  ({ kernels, addressOf, output }, { x }, { activation }) => {
    const y = output(x.shape, 'float32');
    kernels.activate(addressOf(x), addressOf(y), util.sizeFromShape(x.shape), activationNumbers[activation]);
    return y;
  },
);
