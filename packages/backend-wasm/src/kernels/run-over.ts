import type { RunOver } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './runtime.ts';
import { passBytes, scorePasses } from './score-passes.ts';

/** The host's own code over numbers where they are: what is copied out and in again costs more than a pass over it. */
export const runOver: KernelDefinition = defineKernel<RunOver>('DiptychRunOver', (runtime, { x }, { run }) => {
  const size = util.sizeFromShape(x.shape);
  const y = runtime.output(x.shape, 'float32');
  // All room before any array: memory that grows leaves the old ones empty.
  const room = runtime.scratch(passBytes(size / (x.shape.at(-1) || 1), x.shape.at(-1) ?? 1));
  const [from, to] = [runtime.addressOf(x), runtime.addressOf(y)];
  const { buffer } = runtime.memory;
  const result = new Float32Array(buffer, to, size).fill(0);
  run(new Float32Array(buffer, from, size), result, scorePasses(runtime, room));
  return y;
});
