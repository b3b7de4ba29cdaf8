import type { FusedLinear } from '@diptych/core';
import { engine, util } from '@tensorflow/tfjs-core';
import { activationNumbers } from './activations.ts';
import { checkShape } from './check-shape.ts';
import { defineKernel, type KernelDefinition } from './define-kernel.ts';
import { multiply } from './multiply.ts';
import { rightFactor } from './packed-weight.ts';

/** `activation(x · weight + bias) + residual` in one pass; see `rightFactor` for what becomes of the weight. */
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
    const room = kernels.gemmScratchBytes();
    const scratch = runtime.scratch(room + (engine().state.gradientDepth > 0 ? kernels.packedBytes(k, n) >>> 0 : 0));
    const factor = rightFactor(runtime, weight, [k, n], () => scratch + room);
    multiply(kernels, scratch, {
      ...factor,
      a: { at: addressOf(x), row: 4 * k, column: 4 },
      to: addressOf(y),
      sizes: [m, k, n],
      bias: bias && addressOf(bias),
      activation: activation && activationNumbers[activation],
      residual: residual && addressOf(residual),
    });
    return y;
  },
);
