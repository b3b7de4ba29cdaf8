import type { FusedActivation } from '@diptych/core';

/** Each activation in double precision. */
export const activations: Readonly<Record<FusedActivation, (x: number) => number>> = {
  quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  gelu: (x) => (x * (1 + errorFunction(x / Math.SQRT2))) / 2,
  gelu_pytorch_tanh: (x) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
  relu: (x) => (x < 0 ? 0 : x),
  silu: (x) => x / (1 + Math.exp(-x)),
};

/** By its series, which converges everywhere; beyond 6 it is 1 in double precision. */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 || n < 50; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
    if (n > 400) break;
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
