import { EmbeddingError, type PackedBytes, type PackWeight, type ReadPacked } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { checkShape } from './check-shape.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';
import { pack, packedSize, setAside, type Sizes } from './packed-weight.ts';

/** A weight that is kept packed, from an array as a file has it. */
export const packWeight: KernelDefinition = defineKernel<PackWeight>(
  'DiptychPackWeight',
  (runtime, { stored }, { shape, dtype, asIs }) => {
    const sizes = sizesOf(shape);
    checkShape('DiptychPackWeight stored', stored.shape, asIs ? sizes : sizes.toReversed());
    const weight = runtime.output(shape, 'float32');
    setAside(runtime, weight, sizes, pack(runtime, weight, { from: stored, dtype, sizes, asIs }));
    return weight;
  },
);

/** What `readPacked` takes. */
export const packedBytes: KernelDefinition = defineKernel<PackedBytes>('DiptychPackedBytes', (runtime, { weight }) => {
  const found = runtime.packedOf(weight);
  if (!found) throw new EmbeddingError('INPUT_INVALID', 'DiptychPackedBytes: expected a packed weight');
  const bytes = runtime.output([found.bytes / 4], 'int32');
  const to = runtime.addressOf(bytes);
  heapBytes(runtime.memory).copyWithin(to, found.at, found.at + found.bytes);
  return bytes;
});

export const readPacked: KernelDefinition = defineKernel<ReadPacked>(
  'DiptychReadPacked',
  (runtime, _, { shape, dtype, values }) => {
    const sizes = sizesOf(shape);
    const expected = packedSize(runtime.kernels, dtype, sizes);
    if (values.length !== expected) {
      const want = `${expected} bytes of a packed ${dtype} weight [${shape}]`;
      throw new EmbeddingError('CHECKPOINT_INVALID', `expected ${want}, got ${values.length}`);
    }
    const weight = runtime.output(shape, 'float32');
    const packed = runtime.keepPacked(weight, dtype, expected);
    heapBytes(runtime.memory).set(values, packed.at);
    setAside(runtime, weight, sizes, packed);
    return weight;
  },
);

function sizesOf(shape: readonly number[]): Sizes {
  return [util.sizeFromShape(shape.slice(0, -1)), shape.at(-1)!];
}

/** The memory may have grown since the last look. */
function heapBytes({ buffer }: WebAssembly.Memory): Uint8Array {
  return new Uint8Array(buffer);
}
