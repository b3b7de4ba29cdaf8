import type { FusedLinear } from '@diptych/core';
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { checkShape } from './check-shape.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';
import type { Address } from './heap.ts';
import type { Runtime } from './runtime.ts';

/** `activation(x · weight + bias) + residual` in one pass; the weight is packed once and kept while it lives. */
export const linear: KernelDefinition = defineKernel<FusedLinear>(
  'DiptychLinear',
  (runtime, { x, weight, bias, residual }, { activation }) => {
    const { kernels, addressOf } = runtime;
    const [k, n] = weight.shape as [number, number];
    const shape = [...x.shape.slice(0, -1), n];
    checkShape('DiptychLinear weight', weight.shape, [x.shape.at(-1)!, n]);
    checkShape('DiptychLinear bias', bias?.shape, [n]);
    checkShape('DiptychLinear residual', residual?.shape, shape);
    const m = util.sizeFromShape(x.shape.slice(0, -1));
    const y = runtime.output(shape, 'float32');
    const packed = packedWeight(runtime, weight, k, n);
    const scratch = runtime.scratch(kernels.gemmScratchBytes());
    kernels.gemm(
      addressOf(x),
      4 * k,
      4,
      packed,
      addressOf(y),
      4 * n,
      m,
      k,
      n,
      bias ? addressOf(bias) : 0,
      activation ? activationNumbers[activation] : 0,
      residual ? addressOf(residual) : 0,
      scratch,
    );
    return y;
  },
);

function packedWeight({ kernels, addressOf, derived }: Runtime, weight: TensorInfo, k: number, n: number): Address {
  return derived(weight.dataId, kernels.packedBytes(k, n) >>> 0, (to) =>
    kernels.packColumns(addressOf(weight), 4 * n, 4, to, k, n),
  );
}
