// Made of `assembly/activations.ts` by `tools/kernels.mjs`: not by hand.
import type { FusedActivation } from '@diptych/core';

/** The numbers that the kernels know the activations by; 0 is none. */
export const activationNumbers: Readonly<Record<FusedActivation, number>> = {
  quick_gelu: 1,
  gelu: 2,
  gelu_pytorch_tanh: 3,
  relu: 4,
  silu: 5,
  relu6: 6,
  hardswish: 7,
  hardsigmoid: 8,
};
