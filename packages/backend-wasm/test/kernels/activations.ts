import type { FusedActivation } from '@diptych/core';

/** Each activation in double precision. */
export const activations: Readonly<Record<FusedActivation, (x: number) => number>> = {
  quick_gelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  gelu: (x) => (x * (1 + errorFunction(x / Math.SQRT2))) / 2,
  gelu_pytorch_tanh: (x) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2,
  relu: (x) => (x < 0 ? 0 : x),
  silu: (x) => x / (1 + Math.exp(-x)),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  hardsigmoid: (x) => Math.min(Math.max(x + 3, 0), 6) / 6,
  hardswish: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
};

/** By its series near 0, by the continued fraction of its complement further out. */
function errorFunction(x: number): number {
  const z = Math.abs(x);
  if (z > 2) {
    let fraction = 0;
    for (let n = 80; n > 0; n--) fraction = n / 2 / (z + fraction);
    return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction));
  }
  let [term, sum] = [x, x];
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
