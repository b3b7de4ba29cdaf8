import { kept } from './kept';
import { madd } from './madd';

/** Beyond it `Φ(x)` is taken for 1, below its negative for 0. */
const BOUND: f32 = 4.25;
const MOST = kept(BOUND);
const LEAST = kept(-BOUND);
const HALF = kept(0.5);
const P7 = kept(-8.460318556835489e-10);
const P6 = kept(7.570768190134913e-8);
const P5 = kept(-0.0000029387838367256336);
const P4 = kept(0.00006552681588800624);
const P3 = kept(-0.0009404453448951244);
const P2 = kept(0.009257813915610313);
const P1 = kept(-0.06545347720384598);
const P0 = kept(0.3984200358390808);

/**
 * `x Φ(x)` within 1e-4, in half the time of `gelu`: for what comes out of a product of int8, whose own error is some fifty times as
 * large. `Φ(x)` is `1/2 + x P(x²)`, fitted for the least absolute error of the result, with `Φ(4.25)` 1.
 */
// @ts-ignore: decorator
@inline export function nearGelu(x: v128): v128 {
  const above = f32x4.pmax(x, LEAST);
  const z = f32x4.pmin(above, MOST);
  const square = f32x4.mul(z, z);
  let p = madd(P7, square, P6);
  p = madd(p, square, P5);
  p = madd(p, square, P4);
  p = madd(p, square, P3);
  p = madd(p, square, P2);
  p = madd(p, square, P1);
  p = madd(p, square, P0);
  return f32x4.mul(above, madd(z, p, HALF));
}
