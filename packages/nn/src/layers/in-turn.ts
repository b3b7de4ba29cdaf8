import { type Tensor, tidy } from '@tensorflow/tfjs-core';

/**
 * `x` through all steps. What a step makes is freed before the next begins, and then its result, so that memory holds one
 * step of a tower and not all; `x` itself stays. While a gradient is recorded, what it needs lives on.
 */
export function inTurn<X extends Tensor>(steps: readonly ((x: X) => X)[], x: X): X {
  return steps.reduce((state, step) => {
    const next = tidy(() => step(state));
    if (state !== x && next !== state) state.dispose();
    return next;
  }, x);
}
