import type { FusedLinear } from '@diptych/core';
import { engine, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { type Arithmetic, formats } from './arithmetic.ts';
import { checkShape } from './check-shape.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';
import type { Address } from './heap.ts';
import { multiply } from './multiply.ts';
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
    // Training goes by the exact slope, so its values are exact too.
    const arithmetic = engine().state.gradientDepth > 0 ? 'float32' : runtime.arithmetic;
    const packed = packedWeight(runtime, weight, arithmetic);
    const scratch = runtime.scratch(kernels.gemmScratchBytes());
    multiply(kernels, scratch, {
      format: formats[arithmetic],
      a: { at: addressOf(x), row: 4 * k, column: 4 },
      b: packed,
      to: addressOf(y),
      sizes: [m, k, n],
      bias: bias && addressOf(bias),
      activation: activation && activationNumbers[activation],
      residual: residual && addressOf(residual),
    });
    return y;
  },
);

function packedWeight({ kernels, addressOf, derived }: Runtime, weight: TensorInfo, arithmetic: Arithmetic): Address {
  const [k, n] = weight.shape as [number, number];
  const from = addressOf(weight);
  if (arithmetic === 'float32') {
    const bytes = kernels.packedBytes(k, n) >>> 0;
    return derived(weight.dataId, arithmetic, bytes, (to) => kernels.packColumns(from, 4 * n, 4, to, k, n));
  }
  const format = formats[arithmetic];
  const bytes = kernels.quantizedBytes(k, n, format) >>> 0;
  return derived(weight.dataId, arithmetic, bytes, (to) => kernels.quantizeColumns(from, 4 * n, 4, to, k, n, format));
}
