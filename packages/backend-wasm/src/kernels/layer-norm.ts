import type { FusedLayerNorm, FusedLayerNormGrad } from '@diptych/core';
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

export const layerNormGrad: KernelDefinition = defineKernel<FusedLayerNormGrad>(
  'DiptychLayerNormGrad',
  ({ kernels, addressOf, output }, { x, weight, dy }, { epsilon }) => {
    const width = x.shape.at(-1)!;
    checkShape('DiptychLayerNormGrad weight', weight.shape, [width]);
    checkShape('DiptychLayerNormGrad dy', dy.shape, x.shape);
    const [dx, dWeight, dBias] = [output(x.shape, 'float32'), output([width], 'float32'), output([width], 'float32')];
    kernels.layerNormGrad(
      addressOf(x),
      addressOf(weight),
      addressOf(dy),
      addressOf(dx),
      addressOf(dWeight),
      addressOf(dBias),
      util.sizeFromShape(x.shape.slice(0, -1)),
      width,
      epsilon,
    );
    return [dx, dWeight, dBias];
  },
);
