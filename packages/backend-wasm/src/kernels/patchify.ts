import type { FusedPatchify } from '@diptych/core';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';

export const patchify: KernelDefinition = defineKernel<FusedPatchify>(
  'DiptychPatchify',
  ({ kernels, addressOf, output }, { pixels }, { patch }) => {
    const [n, height, width, channels] = pixels.shape as [number, number, number, number];
    const patches = Math.floor(height / patch) * Math.floor(width / patch);
    const y = output([n, patches, patch * patch * channels], 'float32');
    kernels.patchify(addressOf(pixels), addressOf(y), n, height, width, channels, patch);
    return y;
  },
);
