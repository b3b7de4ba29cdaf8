import { Conv2DBackpropInput, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';
import { multiply } from './product.ts';
import { type FilterAttributes, setMoves, windowsOf } from './windows.ts';

interface InputGradient {
  readonly inputs: { readonly dy: TensorInfo; readonly filter: TensorInfo };
  readonly attrs: FilterAttributes & { readonly inputShape: readonly number[] };
}

/**
 * `dy` times the transposed filter, each number added where the filter met it. Also what a transposed convolution
 * computes. Takes the place of tfjs's own, which is a plain loop.
 */
export const conv2dInputGrad: KernelDefinition = defineKernel<InputGradient>(
  Conv2DBackpropInput,
  (runtime, { dy, filter }, { inputShape, ...attributes }) => {
    const { kernels, addressOf } = runtime;
    const windows = windowsOf(inputShape, filter.shape, attributes);
    const { length, blocks, blockBytes, info, plain } = windows;
    checkShape('Conv2DBackpropInput dy', dy.shape, info.outShape);
    const n = info.outChannels;
    const dx = runtime.output(inputShape, 'float32');
    const packedBytes = kernels.packedBytes(n, length) >>> 0;
    const packed = runtime.scratch(packedBytes + blockBytes + kernels.gemmScratchBytes());
    const rows = packed + packedBytes;
    kernels.packColumns(addressOf(filter), 4, 4 * n, packed, n, length);
    setMoves(runtime, windows.info);
    if (!plain) kernels.zeros(addressOf(dx), util.sizeFromShape([...inputShape]));
    for (const { first, count } of blocks) {
      multiply(kernels, rows + blockBytes, {
        a: { at: addressOf(dy) + 4 * first * n, row: 4 * n, column: 4 },
        b: packed,
        to: plain ? addressOf(dx) + 4 * first * length : rows,
        sizes: [count, n, length],
      });
      if (!plain) kernels.addPatches(addressOf(dx), rows, first, count);
    }
    return dx;
  },
);
