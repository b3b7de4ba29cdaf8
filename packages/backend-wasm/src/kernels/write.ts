import { EmbeddingError, type Write } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';
import { heapBytes } from './heap-bytes.ts';

/** Values from a file go to where they stay, part by part. */
export const write: KernelDefinition = defineKernel<Write>('DiptychWrite', (runtime, { to }, { values, at }) => {
  const packed = values instanceof Uint8Array ? runtime.packedOf(to) : undefined;
  const begin = at * values.BYTES_PER_ELEMENT;
  const size = packed?.bytes ?? 4 * util.sizeFromShape(to.shape);
  if (begin + values.byteLength > size) {
    throw new EmbeddingError(
      'SHAPE_MISMATCH',
      `DiptychWrite: expected at most ${size} bytes, got up to ${begin + values.byteLength}`,
    );
  }
  const address = packed?.at ?? runtime.addressOf(to);
  heapBytes(runtime).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), address + begin);
  return [];
});
