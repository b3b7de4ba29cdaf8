import { Conv2DBackpropFilter, type TensorInfo } from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';
import { multiply } from './product.ts';
import { type FilterAttributes, readBlock, setMoves, windowsOf } from './windows.ts';

interface FilterGradient {
  readonly inputs: { readonly x: TensorInfo; readonly dy: TensorInfo };
  readonly attrs: FilterAttributes & { readonly filterShape: readonly number[] };
}

/** The transpose of what the filter meets times `dy`, summed block by block. */
export const conv2dFilterGrad: KernelDefinition = defineKernel<FilterGradient>(
  Conv2DBackpropFilter,
  (runtime, { x, dy }, { filterShape, ...attributes }) => {
    const { kernels, addressOf } = runtime;
    const windows = windowsOf(x.shape, filterShape, attributes);
    const { length, blocks, blockBytes, info } = windows;
    checkShape('Conv2DBackpropFilter dy', dy.shape, info.outShape);
    const n = info.outChannels;
    const dFilter = runtime.output(filterShape, 'float32');
    const highest = Math.max(...blocks.map(({ count }) => count));
    const packedBytes = kernels.packedBytes(highest, n) >>> 0;
    const sumBytes = 4 * length * n;
    const room = runtime.scratch(blockBytes + packedBytes + sumBytes + kernels.gemmScratchBytes());
    const packed = room + blockBytes;
    // A product adds to an earlier one that is elsewhere: two places take turns, and the last sum is the result.
    const sums = [addressOf(dFilter), packed + packedBytes];
    setMoves(runtime, windows.info);
    for (const [i, block] of blocks.entries()) {
      const at = readBlock(runtime, windows, addressOf(x), block, room);
      kernels.packColumns(addressOf(dy) + 4 * block.first * n, 4 * n, 4, packed, block.count, n);
      const turn = (blocks.length - 1 - i) % 2;
      multiply(kernels, packed + packedBytes + sumBytes, {
        a: { at, row: 4, column: 4 * length },
        b: packed,
        to: sums[turn]!,
        sizes: [length, block.count, n],
        ...(i > 0 && { residual: sums[1 - turn]! }),
      });
    }
    return dFilter;
  },
);
