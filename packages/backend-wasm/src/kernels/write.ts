import { EmbeddingError, type Write } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './runtime.ts';

/** What comes from a file goes to where it stays, part by part. */
export const write: KernelDefinition = defineKernel<Write>('DiptychWrite', (runtime, { to }, { at, bytes, fill }) => {
  const packed = runtime.packedOf(to);
  const size = packed?.bytes ?? 4 * util.sizeFromShape(to.shape);
  if (at + bytes > size) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'DiptychWrite',
      expected: `at most ${size} bytes`,
      got: `up to ${at + bytes}`,
    });
  }
  // Before its buffer is taken: the memory may grow.
  const address = packed?.at ?? runtime.addressOf(to);
  fill(new Uint8Array(runtime.memory.buffer, address + at, bytes));
  return [];
});
