import type { FusedLayerNorm } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { checkShape } from './check-shape.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';

export const layerNorm: KernelDefinition = defineKernel<FusedLayerNorm>(
  'DiptychLayerNorm',
  ({ kernels, addressOf, output }, { x, weight, bias }, { epsilon }) => {
    const width = x.shape.at(-1)!;
    checkShape('DiptychLayerNorm weight', weight.shape, [width]);
    checkShape('DiptychLayerNorm bias', bias.shape, [width]);
    const y = output(x.shape, 'float32');
    const rows = util.sizeFromShape(x.shape.slice(0, -1));
    kernels.layerNorm(addressOf(x), addressOf(weight), addressOf(bias), addressOf(y), rows, width, epsilon);
    return y;
  },
);
