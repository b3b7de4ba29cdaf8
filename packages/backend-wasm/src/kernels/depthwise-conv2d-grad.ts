import {
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';
import { type FilterAttributes, setMoves, windowsOf } from './windows.ts';

interface FilterGradient {
  readonly inputs: { readonly x: TensorInfo; readonly dy: TensorInfo };
  readonly attrs: FilterAttributes & { readonly filterShape: readonly number[] };
}

interface InputGradient {
  readonly inputs: { readonly dy: TensorInfo; readonly filter: TensorInfo };
  readonly attrs: FilterAttributes & { readonly inputShape: readonly number[] };
}

export const depthwiseFilterGrad: KernelDefinition = defineKernel<FilterGradient>(
  DepthwiseConv2dNativeBackpropFilter,
  (runtime, { x, dy }, { filterShape, ...attributes }) => {
    const { kernels, addressOf } = runtime;
    const { info } = windowsOf(x.shape, filterShape, attributes, true);
    checkShape('DepthwiseConv2dNativeBackpropFilter dy', dy.shape, info.outShape);
    const dFilter = runtime.output(filterShape, 'float32');
    setMoves(runtime, info);
    kernels.depthwiseFilterGrad(addressOf(x), addressOf(dy), addressOf(dFilter), info.batchSize, filterShape[3]!);
    return dFilter;
  },
);

export const depthwiseInputGrad: KernelDefinition = defineKernel<InputGradient>(
  DepthwiseConv2dNativeBackpropInput,
  (runtime, { dy, filter }, { inputShape, ...attributes }) => {
    const { kernels, addressOf } = runtime;
    const { info } = windowsOf(inputShape, filter.shape, attributes, true);
    checkShape('DepthwiseConv2dNativeBackpropInput dy', dy.shape, info.outShape);
    const dx = runtime.output(inputShape, 'float32');
    setMoves(runtime, info);
    kernels.depthwiseInputGrad(addressOf(dx), addressOf(dy), addressOf(filter), info.batchSize, filter.shape[3]!);
    return dx;
  },
);
