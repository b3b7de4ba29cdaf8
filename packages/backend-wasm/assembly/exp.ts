import { madd } from './madd';

/**
 * `e ** x` in each lane, within 2 units in the last place. Below -87.33, where float32 has no normal number, 0; above
 * 88.72 infinity; NaN stays NaN.
 *
 * `x = n ln 2 + r` with `|r| <= ln 2 / 2`; `e ** r` by its series to degree 7, whose rest is 6e-9.
 */
export function exp(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  // ln 2 in two parts, so that the product with n is exact.
  let r = madd(n, f32x4.splat(-0.693359375), x);
  r = madd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.0 / 5040.0);
  p = madd(p, r, f32x4.splat(1.0 / 720.0));
  p = madd(p, r, f32x4.splat(1.0 / 120.0));
  p = madd(p, r, f32x4.splat(1.0 / 24.0));
  p = madd(p, r, f32x4.splat(1.0 / 6.0));
  p = madd(p, r, f32x4.splat(0.5));
  p = madd(p, r, f32x4.splat(1));
  p = madd(p, r, f32x4.splat(1));
  // 2 ** n in two factors: n may be 128, which one exponent does not hold.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  p = f32x4.mul(p, power(half));
  p = f32x4.mul(p, power(i32x4.sub(whole, half)));
  p = v128.bitselect(f32x4.splat(0), p, f32x4.lt(x, f32x4.splat(-87.33)));
  return v128.bitselect(f32x4.splat(f32.POSITIVE_INFINITY), p, f32x4.gt(x, f32x4.splat(88.7228)));
}

// @ts-ignore: decorator
@inline export function power(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}
