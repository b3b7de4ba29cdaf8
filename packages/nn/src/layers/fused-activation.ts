import type { FusedActivation } from '@diptych/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fuse, runFused, runFusedAll } from './fused.ts';

/** `plain(x)`, by the kernels for `activation` where the backend has them. */
export function fusedActivation<T extends Tensor>(x: T, activation: FusedActivation, plain: (x: T) => T): T {
  return fuse([x], {
    plain,
    fused: (input) => runFused('DiptychActivate', { x: input }, { activation }),
    gradients: (dy, input) => runFusedAll('DiptychActivateGrad', { x: input, dy }, { activation }),
  });
}
