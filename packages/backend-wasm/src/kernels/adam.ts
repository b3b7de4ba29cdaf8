import type { FusedAdam } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';

export const adam: KernelDefinition = defineKernel<FusedAdam>(
  'DiptychAdam',
  ({ kernels, addressOf, output }, { value, gradient, mean, square }, options) => {
    const { first, second, keep, rate, correction, epsilon } = options;
    for (const [name, { shape }] of Object.entries({ gradient, mean, square })) {
      checkShape(`DiptychAdam ${name}`, shape, value.shape);
    }
    const made = [
      output(value.shape, 'float32'),
      output(value.shape, 'float32'),
      output(value.shape, 'float32'),
    ] as const;
    kernels.adam({
      value: addressOf(value),
      gradient: addressOf(gradient),
      mean: addressOf(mean),
      square: addressOf(square),
      newValue: addressOf(made[0]),
      newMean: addressOf(made[1]),
      newSquare: addressOf(made[2]),
      size: util.sizeFromShape(value.shape),
      first,
      restOfFirst: 1 - first,
      second,
      restOfSecond: 1 - second,
      keep,
      rate,
      correction,
      epsilon,
    });
    return [...made];
  },
);
