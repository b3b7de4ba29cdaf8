import { Conv2D, type TensorInfo } from '@tensorflow/tfjs-core';
import { defineKernel, type KernelDefinition } from './runtime.ts';
import { factorRoom, multiply, rightFactor } from './product.ts';
import { type FilterAttributes, readBlock, setMoves, windowsOf } from './windows.ts';

interface Convolution {
  readonly inputs: { readonly x: TensorInfo; readonly filter: TensorInfo };
  readonly attrs: FilterAttributes;
}

/** What a filter meets, some hundred places at a time, times the filter. */
export const conv2d: KernelDefinition = defineKernel<Convolution>(Conv2D, (runtime, { x, filter }, attributes) => {
  const { kernels, addressOf } = runtime;
  const windows = windowsOf(x.shape, filter.shape, attributes);
  const [k, n] = [windows.length, windows.info.outChannels];
  const y = runtime.output(windows.info.outShape, 'float32');
  const product = kernels.gemmScratchBytes();
  const scratch = runtime.scratch(windows.blockBytes + product + factorRoom(runtime, filter, [k, n]));
  const factor = rightFactor(runtime, filter, [k, n], () => scratch + windows.blockBytes + product);
  setMoves(runtime, windows.info);
  for (const block of windows.blocks) {
    const at = readBlock(runtime, windows, addressOf(x), block, scratch);
    multiply(kernels, scratch + windows.blockBytes, {
      a: { at, row: 4 * k, column: 4 },
      ...factor,
      to: addressOf(y) + 4 * block.first * n,
      sizes: [block.count, k, n],
    });
  }
  return y;
});
