import type { FusedBatchNorm, FusedBatchNormGrad } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';

export const batchNorm: KernelDefinition = defineKernel<FusedBatchNorm>(
  'DiptychBatchNorm',
  ({ kernels, addressOf, output }, { x, weight, bias }, { epsilon }) => {
    const width = x.shape.at(-1)!;
    checkShape('DiptychBatchNorm weight', weight.shape, [width]);
    checkShape('DiptychBatchNorm bias', bias.shape, [width]);
    const [y, mean, variance] = [output(x.shape, 'float32'), output([width], 'float32'), output([width], 'float32')];
    kernels.batchNorm(
      addressOf(x),
      addressOf(weight),
      addressOf(bias),
      addressOf(y),
      addressOf(mean),
      addressOf(variance),
      util.sizeFromShape(x.shape.slice(0, -1)),
      width,
      epsilon,
    );
    return [y, mean, variance];
  },
);

export const batchNormGrad: KernelDefinition = defineKernel<FusedBatchNormGrad>(
  'DiptychBatchNormGrad',
  ({ kernels, addressOf, output, scratch }, { x, weight, dy }, { epsilon }) => {
    const width = x.shape.at(-1)!;
    checkShape('DiptychBatchNormGrad weight', weight.shape, [width]);
    checkShape('DiptychBatchNormGrad dy', dy.shape, x.shape);
    const [dx, dWeight, dBias] = [output(x.shape, 'float32'), output([width], 'float32'), output([width], 'float32')];
    kernels.batchNormGrad({
      x: addressOf(x),
      weight: addressOf(weight),
      dy: addressOf(dy),
      dx: addressOf(dx),
      dWeight: addressOf(dWeight),
      dBias: addressOf(dBias),
      rows: util.sizeFromShape(x.shape.slice(0, -1)),
      width,
      epsilon,
      scratch: scratch(8 * width),
    });
    return [dx, dWeight, dBias];
  },
);
