import { type DataType, OneHot, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './runtime.ts';

interface Rows {
  readonly inputs: { readonly indices: TensorInfo };
  readonly attrs: {
    readonly dtype: DataType;
    readonly depth: number;
    readonly onValue: number;
    readonly offValue: number;
  };
}

/** One number of each row on, the others off. Takes the place of tfjs's own, which writes integers into float32. */
export const oneHot: KernelDefinition = defineKernel<Rows>(
  OneHot,
  ({ memory, addressOf, output }, { indices }, { dtype, depth, onValue, offValue }) => {
    const y = output([...indices.shape, depth], dtype);
    // Whoever asks for an address may have the memory grow, and its buffer with it.
    const [to, from] = [addressOf(y), addressOf(indices)];
    const rows = util.sizeFromShape(indices.shape);
    const numbers = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;
    const values = new numbers[dtype as keyof typeof numbers](memory.buffer, to, rows * depth).fill(offValue);
    new Int32Array(memory.buffer, from, rows).forEach((index, row) => {
      if (index >= 0 && index < depth) values[row * depth + index] = onValue;
    });
    return y;
  },
);
