import type { Reserve } from '@diptych/core';
import { defineKernel, type KernelDefinition } from './runtime.ts';

/** Each time that memory grows the engine may collect garbage. */
export const reserve: KernelDefinition = defineKernel<Reserve>('DiptychReserve', (runtime, _, { bytes }) => {
  try {
    runtime.free(runtime.allocate(bytes));
  } catch {
    // What follows may fit all the same, in several places; if not, it says so.
  }
  return [];
});
