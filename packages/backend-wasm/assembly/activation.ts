import { exp } from './exp';
import { madd } from './madd';

/** The numbers by which the host names an activation. */
export const NONE: i32 = 0;
export const QUICK_GELU: i32 = 1;
export const GELU: i32 = 2;
export const GELU_TANH: i32 = 3;
export const RELU: i32 = 4;
export const SILU: i32 = 5;

/** The activation in each lane. NaN stays NaN and Infinity itself; `x σ(x)` of -Infinity is NaN, as elsewhere in tfjs. */
// @ts-ignore: decorator
@inline export function activation(x: v128, kind: i32): v128 {
  if (kind == QUICK_GELU) return gated(x, f32x4.mul(x, f32x4.splat(1.702)));
  if (kind == GELU) return gelu(x);
  if (kind == GELU_TANH) return geluTanh(x);
  if (kind == RELU) return f32x4.pmax(x, f32x4.splat(0));
  if (kind == SILU) return gated(x, x);
  return x;
}

/** `x σ(u)`. */
// @ts-ignore: decorator
@inline export function gated(x: v128, u: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1), exp(f32x4.neg(u))));
}

/** `x σ(2u)` with `u = √(2/π) (x + 0.044715 x³)`. */
// @ts-ignore: decorator
@inline export function geluTanh(x: v128): v128 {
  const slope = madd(f32x4.mul(x, x), f32x4.splat(0.0713548162726), f32x4.splat(1.59576912161));
  return gated(x, f32x4.mul(x, slope));
}

/**
 * `x Φ(x) = max(x, 0) - |x| Φ(-|x|)` with `Φ(-z) = e ** (-z²/2)` times a polynomial in `t = 1 / (1 + 0.35 z)`, the form
 * of Hastings 1955, fitted to 1e-8 with the weight `max(1, z)`.
 */
// @ts-ignore: decorator
@inline export function gelu(x: v128): v128 {
  // Beyond 20 the tail is 0, and infinity times 0 would be NaN.
  const z = f32x4.pmin(f32x4.abs(x), f32x4.splat(20));
  const tail = f32x4.mul(normalTail(z), exp(f32x4.mul(f32x4.mul(z, z), f32x4.splat(-0.5))));
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(z, tail));
}

/** `Φ(-z) / e ** (-z²/2)` for `z >= 0`. */
// @ts-ignore: decorator
@inline export function normalTail(z: v128): v128 {
  const t = f32x4.div(f32x4.splat(1), madd(z, f32x4.splat(0.35), f32x4.splat(1)));
  let p = f32x4.splat(0.047302739);
  p = madd(p, t, f32x4.splat(-0.299346901));
  p = madd(p, t, f32x4.splat(0.626813675));
  p = madd(p, t, f32x4.splat(-0.300698098));
  p = madd(p, t, f32x4.splat(0.326063452));
  p = madd(p, t, f32x4.splat(0.0954640028));
  p = madd(p, t, f32x4.splat(0.00440112017));
  return p;
}
