import { gated, gelu, geluTanh, hardSigmoid, QUICK, relu6 } from './activation';
import { between, gatedSlope, geluSlope, geluTanhSlope, hardswishSlope } from './activation-grad';
import { loadFirst, storeFirst } from './lanes';

// All that is known of activations: number, value and slope of each. Its name in small letters is that of configuration files, by
// which the host knows it: `tools/kernels.mjs` writes `src/kernels/activations.ts` from these lines.

export const NONE: i32 = 0;
export const QUICK_GELU: i32 = 1;
export const GELU: i32 = 2;
export const GELU_PYTORCH_TANH: i32 = 3;
export const RELU: i32 = 4;
export const SILU: i32 = 5;
export const RELU6: i32 = 6;
export const HARDSWISH: i32 = 7;
export const HARDSIGMOID: i32 = 8;

/** The activation in each lane. NaN stays NaN, and Infinity itself but with those that are bounded; `x σ(x)` of -Infinity is NaN, as elsewhere in tfjs. */
// @ts-ignore: decorator
@inline export function activation(x: v128, kind: i32): v128 {
  if (kind == QUICK_GELU) return gated(x, f32x4.mul(x, QUICK));
  if (kind == GELU) return gelu(x);
  if (kind == GELU_PYTORCH_TANH) return geluTanh(x);
  if (kind == RELU) return f32x4.pmax(x, f32x4.splat(0));
  if (kind == SILU) return gated(x, x);
  if (kind == RELU6) return relu6(x);
  if (kind == HARDSWISH) return f32x4.mul(x, hardSigmoid(x));
  if (kind == HARDSIGMOID) return hardSigmoid(x);
  return x;
}

/** Their slopes. */
function slope(x: v128, kind: i32): v128 {
  if (kind == QUICK_GELU) return gatedSlope(x, f32x4.mul(x, QUICK), QUICK);
  if (kind == GELU) return geluSlope(x);
  if (kind == GELU_PYTORCH_TANH) return geluTanhSlope(x);
  if (kind == RELU) return v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1));
  if (kind == SILU) return gatedSlope(x, x, f32x4.splat(1));
  if (kind == RELU6) return v128.and(between(x, 0, 6), f32x4.splat(1));
  if (kind == HARDSWISH) return hardswishSlope(x);
  if (kind == HARDSIGMOID) return v128.and(between(x, -3, 3), f32x4.splat(1 / <f32>6));
  return f32x4.splat(1);
}

/** `size` numbers through an activation; `from` and `to` may be the same. */
export function activate(from: usize, to: usize, size: i32, kind: i32): void {
  // One loop for each: constants make it short.
  if (kind == QUICK_GELU) each(from, to, size, QUICK_GELU);
  else if (kind == GELU) each(from, to, size, GELU);
  else if (kind == GELU_PYTORCH_TANH) each(from, to, size, GELU_PYTORCH_TANH);
  else if (kind == RELU) each(from, to, size, RELU);
  else if (kind == SILU) each(from, to, size, SILU);
  else if (kind == RELU6) each(from, to, size, RELU6);
  else if (kind == HARDSWISH) each(from, to, size, HARDSWISH);
  else if (kind == HARDSIGMOID) each(from, to, size, HARDSIGMOID);
}

// @ts-ignore: decorator
@inline export function each(from: usize, to: usize, size: i32, kind: i32): void {
  for (; size >= 8; size -= 8) {
    v128.store(to, activation(v128.load(from), kind));
    v128.store(to, activation(v128.load(from, 16), kind), 16);
    from += 32;
    to += 32;
  }
  for (; size > 0; size -= 4) {
    storeFirst(to, size, activation(loadFirst(from, size, f32x4.splat(0)), kind));
    from += 16;
    to += 16;
  }
}

/** `dx = dy · slope(x)` for `size` numbers of an activation. */
export function activateGrad(x: usize, dy: usize, dx: usize, size: i32, kind: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < size; i += 4) {
    const at = <usize>i << 2;
    const count = size - i;
    storeFirst(dx + at, count, f32x4.mul(loadFirst(dy + at, count, zero), slope(loadFirst(x + at, count, zero), kind)));
  }
}
