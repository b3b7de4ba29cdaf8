/** The softmax in place, and `log Σ exp` of what was there. Of nothing but -Infinity it is that, and all become 0. */
export function softmaxInPlace(x: Float64Array): number {
  let top = -Infinity;
  // NaN becomes the highest for a while, and the sum NaN for good.
  for (let i = 0; i < x.length; i++) if (!(x[i]! <= top)) top = x[i]!;
  if (top === -Infinity) {
    x.fill(0);
    return top;
  }
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] = Math.exp(x[i]! - top);
  for (let i = 0; i < x.length; i++) x[i]! /= sum;
  return top + Math.log(sum);
}

/** `log(1 + exp(x))` without overflow, and its slope. */
export function softplus(x: number): readonly [value: number, slope: number] {
  const small = Math.exp(-Math.abs(x));
  return [Math.max(x, 0) + Math.log1p(small), (x < 0 ? small : 1) / (1 + small)];
}
