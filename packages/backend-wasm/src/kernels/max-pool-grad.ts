import { backend_util, MaxPoolGrad, type TensorInfo } from '@tensorflow/tfjs-core';
import { checkShape, defineKernel, type KernelDefinition } from './runtime.ts';
import { type FilterAttributes, setMoves } from './windows.ts';

interface PoolGradient {
  readonly inputs: { readonly dy: TensorInfo; readonly input: TensorInfo; readonly output: TensorInfo };
  readonly attrs: FilterAttributes & { readonly filterSize: [number, number] | number };
}

/**
 * The gradient of pooling by the largest number; the first of equal ones gets it. Takes the place of tfjs's own, which is
 * wrong where windows overlap.
 */
export const maxPoolGrad: KernelDefinition = defineKernel<PoolGradient>(
  MaxPoolGrad,
  (runtime, { dy, input, output }, { filterSize, strides, pad, dimRoundingMode }) => {
    const { kernels, addressOf } = runtime;
    const shape = input.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    checkShape('MaxPoolGrad dy', dy.shape, info.outShape);
    checkShape('MaxPoolGrad output', output.shape, info.outShape);
    const dx = runtime.output(shape, 'float32');
    setMoves(runtime, info);
    kernels.maxPoolGrad(addressOf(input), addressOf(output), addressOf(dy), addressOf(dx), shape[0]);
    return dx;
  },
);
