import type { FusedActivation, FusedDepthwiseConv2d } from '@diptych/core';
import { DepthwiseConv2dNative, type TensorInfo } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { checkShape, defineKernel, type KernelDefinition, type Runtime } from './runtime.ts';
import { type FilterAttributes, setMoves, windowsOf } from './windows.ts';

interface Convolution {
  readonly inputs: { readonly x: TensorInfo; readonly filter: TensorInfo };
  readonly attrs: FilterAttributes;
}

/** `[n, height, width, channels]` with `filter` `[height, width, channels, times]`. */
export const depthwiseConv2d: KernelDefinition = defineKernel<Convolution>(
  DepthwiseConv2dNative,
  (runtime, { x, filter }, attributes) => convolve(runtime, { x, filter }, attributes),
);

export const fusedDepthwiseConv2d: KernelDefinition = defineKernel<FusedDepthwiseConv2d>(
  'DiptychDepthwiseConv2d',
  (runtime, inputs, { stride, padding, activation }) =>
    convolve(runtime, inputs, { strides: stride, pad: padding }, activation),
);

function convolve(
  runtime: Runtime,
  { x, filter, bias }: FusedDepthwiseConv2d['inputs'],
  attributes: FilterAttributes,
  activation?: FusedActivation,
): TensorInfo {
  const { kernels, addressOf } = runtime;
  checkShape('depthwise convolution filter', filter.shape.slice(2, 3), x.shape.slice(3));
  const { info } = windowsOf(x.shape, filter.shape, attributes, true);
  checkShape('depthwise convolution bias', bias?.shape, [info.outChannels]);
  const y = runtime.output(info.outShape, 'float32');
  setMoves(runtime, info);
  const scratch = runtime.scratch(kernels.depthwiseScratchBytes() >>> 0);
  kernels.depthwise(
    addressOf(x),
    addressOf(filter),
    bias ? addressOf(bias) : 0,
    addressOf(y),
    info.batchSize,
    filter.shape[3]!,
    activation ? activationNumbers[activation] : 0,
    scratch,
  );
  return y;
}
