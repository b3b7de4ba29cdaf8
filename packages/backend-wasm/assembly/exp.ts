import { kept } from './kept';
import { madd } from './madd';

const MOST = kept(89);
const LEAST = kept(-87.3);
const LOG2_E = kept(1.44269504);
/** Added to it, n is rounded to a whole number, and n + 126 stands in the low bits then. */
const SHIFT = kept(12582912 + 126);
/** The logarithm of 2 in two parts, so that the product of the first with n is exact. */
const LN_2_HIGH = kept(-0.693359375);
const LN_2_LOW = kept(2.1219444e-4);
/** Twice the polynomial's, since 2 ** n may be infinity where the result is not. */
const P6 = kept(2 * 0.001381322625);
const P5 = kept(2 * 0.008368843235);
const P4 = kept(2 * 0.041668418795);
const P3 = kept(2 * 0.166665196419);
const P2 = kept(2 * 0.499999940395);
const TWO = kept(2);

/**
 * `e ** x` in each lane, within 2 units in the last place. Below -86.98, near the least normal number of float32, 0;
 * above 88.72 infinity; NaN stays NaN.
 *
 * `x = n ln 2 + r` with `|r| <= ln 2 / 2`; `e ** r` by a polynomial of degree 6, fitted for least relative error: 3e-9.
 */
// @ts-ignore: decorator
@inline export function exp(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, MOST), LEAST);
  const shifted = madd(bounded, LOG2_E, SHIFT);
  const n = f32x4.sub(shifted, SHIFT);
  const r = madd(n, LN_2_LOW, madd(n, LN_2_HIGH, bounded));
  let p = madd(P6, r, P5);
  p = madd(p, r, P4);
  p = madd(p, r, P3);
  p = madd(p, r, P2);
  p = madd(p, r, TWO);
  p = madd(p, r, TWO);
  return f32x4.mul(p, i32x4.shl(shifted, 23));
}
