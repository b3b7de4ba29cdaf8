import { EmbeddingError, type WeightStore } from '@diptych/core';
import { util } from '@tensorflow/tfjs-core';
import { newPacked, packedSize, packTo } from './product.ts';
import type { Runtime, Sizes } from './runtime.ts';

/** The store of weights that the kernels multiply. */
export function weightStore(runtime: Runtime): WeightStore {
  return {
    pack(stored, { shape, dtype, asIs }) {
      const sizes = sizesOf(shape);
      if (util.sizeFromShape(stored.shape) < sizes[0] * sizes[1]) {
        throw new EmbeddingError('SHAPE_MISMATCH', { where: 'weight', expected: `[${shape}]`, got: stored.shape });
      }
      return runtime.whole(() => {
        const { weight, packed } = newPacked(runtime, shape, dtype, sizes);
        packTo(runtime, packed, { from: stored, dtype, sizes, asIs, channels: shape.at(-2) });
        return weight;
      });
    },
    unwritten({ shape, dtype }, bytes) {
      const sizes = sizesOf(shape);
      const expected = packedSize(runtime.kernels, dtype, sizes);
      if (bytes !== expected) {
        throw new EmbeddingError('CHECKPOINT_INVALID', {
          where: `packed ${dtype} weight [${shape}]`,
          expected: `${expected} bytes`,
          got: bytes,
        });
      }
      return runtime.whole(() => newPacked(runtime, shape, dtype, sizes).weight);
    },
    room: (shape) => runtime.whole(() => runtime.output(shape, 'float32')),
    bytesOf(tensor) {
      const packed = runtime.packedOf(tensor);
      // Before its buffer is taken: the memory may grow.
      const at = packed?.at ?? runtime.addressOf(tensor);
      return new Uint8Array(runtime.memory.buffer, at, packed?.bytes ?? 4 * util.sizeFromShape(tensor.shape));
    },
    reserve(bytes) {
      try {
        // Each time that memory grows the engine may collect garbage.
        runtime.free(runtime.allocate(bytes));
      } catch {
        // What follows may fit all the same, in several places; if not, it says so.
      }
    },
  };
}

function sizesOf(shape: readonly number[]): Sizes {
  return [util.sizeFromShape(shape.slice(0, -1)), shape.at(-1)!];
}
