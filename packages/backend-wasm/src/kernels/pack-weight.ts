import { EmbeddingError, type PackedBytes, type PackedWeightOf, type PackWeight } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './runtime.ts';
import { newPacked, packedSize, packTo, type Sizes } from './product.ts';

/** A weight that is kept packed, from an array as a file has it. */
export const packWeight: KernelDefinition = defineKernel<PackWeight>(
  'DiptychPackWeight',
  (runtime, { stored }, { shape, dtype, asIs }) => {
    const sizes = sizesOf(shape);
    if (util.sizeFromShape(stored.shape) < sizes[0] * sizes[1]) {
      throw new EmbeddingError('SHAPE_MISMATCH', {
        where: 'DiptychPackWeight',
        expected: `[${shape}]`,
        got: stored.shape,
      });
    }
    const { weight, packed } = newPacked(runtime, shape, dtype, sizes);
    packTo(runtime, packed, { from: stored, dtype, sizes, asIs });
    return weight;
  },
);

/** What `readPacked` takes. */
export const packedBytes: KernelDefinition = defineKernel<PackedBytes>('DiptychPackedBytes', (runtime, { weight }) => {
  const found = runtime.packedOf(weight);
  if (!found) throw new EmbeddingError('INPUT_INVALID', 'DiptychPackedBytes: expected a packed weight');
  const bytes = runtime.output([found.bytes / 4], 'int32');
  const to = runtime.addressOf(bytes);
  new Uint8Array(runtime.memory.buffer).copyWithin(to, found.at, found.at + found.bytes);
  return bytes;
});

export const packedWeight: KernelDefinition = defineKernel<PackedWeightOf>(
  'DiptychPackedWeight',
  (runtime, _, { shape, dtype, bytes }) => {
    const sizes = sizesOf(shape);
    const expected = packedSize(runtime.kernels, dtype, sizes);
    if (bytes !== expected) {
      const want = `${expected} bytes of a packed ${dtype} weight [${shape}]`;
      throw new EmbeddingError('CHECKPOINT_INVALID', `expected ${want}, got ${bytes}`);
    }
    return newPacked(runtime, shape, dtype, sizes).weight;
  },
);

function sizesOf(shape: readonly number[]): Sizes {
  return [util.sizeFromShape(shape.slice(0, -1)), shape.at(-1)!];
}
