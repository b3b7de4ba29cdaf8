import type { FusedConv2d } from '@diptych/core';
import { Conv2D, type TensorInfo } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { factorRoom, multiply, type Product, rightFactor } from './product.ts';
import { checkShape, defineKernel, type KernelDefinition, type Runtime } from './runtime.ts';
import { type FilterAttributes, readBlock, setMoves, type Windows, windowsOf } from './windows.ts';

interface Convolution {
  readonly inputs: { readonly x: TensorInfo; readonly filter: TensorInfo };
  readonly attrs: FilterAttributes;
}

export const conv2d: KernelDefinition = defineKernel<Convolution>(Conv2D, (runtime, inputs, attributes) =>
  convolve(runtime, inputs, windowsOf(inputs.x.shape, inputs.filter.shape, attributes)),
);

export const fusedConv2d: KernelDefinition = defineKernel<FusedConv2d>(
  'DiptychConv2d',
  (runtime, { x, filter, scale, bias, residual }, { stride, padding, activation }) => {
    const { addressOf } = runtime;
    const windows = windowsOf(x.shape, filter.shape, { strides: stride, pad: padding });
    const { outShape, outChannels } = windows.info;
    checkShape('DiptychConv2d scale', scale?.shape, [outChannels]);
    checkShape('DiptychConv2d bias', bias?.shape, [outChannels]);
    checkShape('DiptychConv2d residual', residual?.shape, outShape);
    return convolve(runtime, { x, filter }, windows, {
      scale: scale && addressOf(scale),
      bias: bias && addressOf(bias),
      activation: activation && activationNumbers[activation],
      residual: residual && addressOf(residual),
    });
  },
);

/** What a filter meets, some hundred places at a time, times the filter. */
function convolve(
  runtime: Runtime,
  { x, filter }: Convolution['inputs'],
  windows: Windows,
  { residual, ...ends }: Pick<Product, 'scale' | 'bias' | 'activation' | 'residual'> = {},
): TensorInfo {
  const { kernels, addressOf } = runtime;
  const [k, n] = [windows.length, windows.info.outChannels];
  const y = runtime.output(windows.info.outShape, 'float32');
  const product = kernels.gemmScratchBytes();
  const scratch = runtime.scratch(windows.blockBytes + product + factorRoom(runtime, filter, [k, n]));
  const factor = rightFactor(runtime, filter, [k, n], () => scratch + windows.blockBytes + product);
  setMoves(runtime, windows.info);
  for (const block of windows.blocks) {
    const at = readBlock(runtime, windows, addressOf(x), block, scratch);
    const row = 4 * block.first * n;
    multiply(kernels, scratch + windows.blockBytes, {
      a: { at, row: 4 * k, column: 4 },
      ...factor,
      ...ends,
      ...(residual && { residual: residual + row }),
      to: addressOf(y) + row,
      sizes: [block.count, k, n],
    });
  }
  return y;
}
