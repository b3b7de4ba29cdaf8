import {
  GELU_TANH_CUBIC,
  GELU_TANH_LINEAR,
  NORMAL_TAIL_POLYNOMIAL_0,
  NORMAL_TAIL_POLYNOMIAL_1,
  NORMAL_TAIL_POLYNOMIAL_2,
  NORMAL_TAIL_POLYNOMIAL_3,
  NORMAL_TAIL_POLYNOMIAL_4,
  NORMAL_TAIL_POLYNOMIAL_5,
  NORMAL_TAIL_POLYNOMIAL_6,
  NORMAL_TAIL_SLOPE,
  QUICK_GELU_SLOPE,
} from './constants';
import { exp } from './exp';
import { kept } from './kept';
import { madd } from './madd';

const ONE = kept(1);
export const QUICK = kept(QUICK_GELU_SLOPE);
export const CUBIC = kept(GELU_TANH_CUBIC);
export const LINEAR = kept(GELU_TANH_LINEAR);
/** Beyond it the tail of the normal distribution is 0 in float32. */
const FAR = kept(20);
const MINUS_HALF = kept(-0.5);

const SIX = kept(6);
const SIXTH = kept(1 / <f32>6);

/** `min(max(x, 0), 6)`. */
// @ts-ignore: decorator
@inline export function relu6(x: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(0)), SIX);
}

/** `relu6(x + 3) / 6`, Howard et al. 2019, arXiv:1905.02244. */
// @ts-ignore: decorator
@inline export function hardSigmoid(x: v128): v128 {
  return f32x4.mul(relu6(f32x4.add(x, f32x4.splat(3))), SIXTH);
}

/** `x σ(u)`. */
// @ts-ignore: decorator
@inline export function gated(x: v128, u: v128): v128 {
  return f32x4.div(x, f32x4.add(ONE, exp(f32x4.neg(u))));
}

/** `x σ(2u)` with `u = √(2/π) (x + 0.044715 x³)`. */
// @ts-ignore: decorator
@inline export function geluTanh(x: v128): v128 {
  const slope = madd(f32x4.mul(x, x), CUBIC, LINEAR);
  return gated(x, f32x4.mul(x, slope));
}

/**
 * `x Φ(x) = max(x, 0) - |x| Φ(-|x|)` with `Φ(-z) = e ** (-z²/2)` times a polynomial in `t = 1 / (1 + 0.35 z)`, the form
 * of Hastings 1955, fitted to 1e-8 with the weight `max(1, z)`.
 */
// @ts-ignore: decorator
@inline export function gelu(x: v128): v128 {
  // Bounded, since infinity times 0 would be NaN.
  const z = f32x4.pmin(f32x4.abs(x), FAR);
  const tail = f32x4.mul(normalTail(z), exp(f32x4.mul(f32x4.mul(z, z), MINUS_HALF)));
  return f32x4.sub(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(z, tail));
}

const T_SLOPE = kept(NORMAL_TAIL_SLOPE);
const T6 = kept(NORMAL_TAIL_POLYNOMIAL_0);
const T5 = kept(NORMAL_TAIL_POLYNOMIAL_1);
const T4 = kept(NORMAL_TAIL_POLYNOMIAL_2);
const T3 = kept(NORMAL_TAIL_POLYNOMIAL_3);
const T2 = kept(NORMAL_TAIL_POLYNOMIAL_4);
const T1 = kept(NORMAL_TAIL_POLYNOMIAL_5);
const T0 = kept(NORMAL_TAIL_POLYNOMIAL_6);

/** `Φ(-z) / e ** (-z²/2)` for `z >= 0`. */
// @ts-ignore: decorator
@inline export function normalTail(z: v128): v128 {
  const t = f32x4.div(ONE, madd(z, T_SLOPE, ONE));
  let p = madd(T6, t, T5);
  p = madd(p, t, T4);
  p = madd(p, t, T3);
  p = madd(p, t, T2);
  p = madd(p, t, T1);
  return madd(p, t, T0);
}
