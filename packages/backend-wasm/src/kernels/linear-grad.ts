import type { FusedLinearGrad } from '@diptych/core';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type Matrix, multiply } from './product.ts';
import { checkShape, defineKernel, type KernelDefinition, type Runtime } from './runtime.ts';

/** `dx = dy · weightᵀ`, `dWeight = xᵀ · dy`, `dBias` the sum of the rows of `dy`. */
export const linearGrad: KernelDefinition = defineKernel<FusedLinearGrad>(
  'DiptychLinearGrad',
  (runtime, { x, weight, dy }) => {
    const { kernels, addressOf, output } = runtime;
    const [k, n] = weight.shape as [number, number];
    checkShape('DiptychLinearGrad dy', dy.shape, [...x.shape.slice(0, -1), n]);
    checkShape('DiptychLinearGrad weight', weight.shape, [x.shape.at(-1)!, n]);
    const m = util.sizeFromShape(x.shape.slice(0, -1));
    const dx = output(x.shape, 'float32');
    const dWeight = output([k, n], 'float32');
    const dBias = output([n], 'float32');
    const slopes = { at: addressOf(dy), row: 4 * n, column: 4 };
    product(runtime, slopes, { at: addressOf(weight), row: 4, column: 4 * n }, dx, [m, n, k]);
    product(runtime, { at: addressOf(x), row: 4, column: 4 * k }, slopes, dWeight, [k, m, n]);
    kernels.columnSums(addressOf(dy), addressOf(dBias), m, n);
    return [dx, dWeight, dBias];
  },
);

function product(
  { kernels, scratch, addressOf }: Runtime,
  a: Matrix,
  b: Matrix,
  to: TensorInfo,
  [m, k, n]: readonly [m: number, k: number, n: number],
): void {
  const packedBytes = kernels.packedBytes(k, n) >>> 0;
  const packed = scratch(packedBytes + kernels.gemmScratchBytes());
  kernels.packColumns(b.at, b.row, b.column, packed, k, n);
  multiply(kernels, packed + packedBytes, { a, b: packed, to: addressOf(to), sizes: [m, k, n] });
}
