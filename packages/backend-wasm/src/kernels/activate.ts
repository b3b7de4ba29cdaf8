import type { FusedActivate, FusedActivateGrad } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';

export const activate: KernelDefinition = defineKernel<FusedActivate>(
  'DiptychActivate',
  ({ kernels, addressOf, output }, { x }, { activation }) => {
    const y = output(x.shape, 'float32');
    kernels.activate(addressOf(x), addressOf(y), util.sizeFromShape(x.shape), activationNumbers[activation]);
    return y;
  },
);

export const activateGrad: KernelDefinition = defineKernel<FusedActivateGrad>(
  'DiptychActivateGrad',
  ({ kernels, addressOf, output }, { x, dy }, { activation }) => {
    checkShape('DiptychActivateGrad dy', dy.shape, x.shape);
    const dx = output(x.shape, 'float32');
    const size = util.sizeFromShape(x.shape);
    kernels.activateGrad(addressOf(x), addressOf(dy), addressOf(dx), size, activationNumbers[activation]);
    return dx;
  },
);
