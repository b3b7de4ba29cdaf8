import { GELU, GELU_TANH, normalTail, QUICK_GELU, RELU, SILU } from './activation';
import { exp } from './exp';
import { loadFirst, storeFirst } from './lanes';
import { madd } from './madd';

/** `dx = dy · slope(x)` for `size` numbers of an activation. */
export function activateGrad(x: usize, dy: usize, dx: usize, size: i32, kind: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < size; i += 4) {
    const at = <usize>i << 2;
    const count = size - i;
    storeFirst(dx + at, count, f32x4.mul(loadFirst(dy + at, count, zero), slope(loadFirst(x + at, count, zero), kind)));
  }
}

function slope(x: v128, kind: i32): v128 {
  if (kind == QUICK_GELU) return gatedSlope(x, f32x4.mul(x, f32x4.splat(1.702)), f32x4.splat(1.702));
  if (kind == GELU) return geluSlope(x);
  if (kind == GELU_TANH) return geluTanhSlope(x);
  if (kind == RELU) return v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1));
  if (kind == SILU) return gatedSlope(x, x, f32x4.splat(1));
  return f32x4.splat(1);
}

/** Of `x σ(u)`, where `u` has the slope `du`: `σ + x du σ (1 - σ)`. */
function gatedSlope(x: v128, u: v128, du: v128): v128 {
  const one = f32x4.splat(1);
  // σ(|u|) and σ(-|u|) without cancellation.
  const e = exp(f32x4.neg(f32x4.abs(u)));
  const large = f32x4.div(one, f32x4.add(one, e));
  const small = f32x4.mul(e, large);
  const gate = v128.bitselect(small, large, f32x4.lt(u, f32x4.splat(0)));
  // Bounded, since infinity times 0 would be NaN.
  const bounded = f32x4.max(f32x4.min(f32x4.mul(x, du), f32x4.splat(1e30)), f32x4.splat(-1e30));
  return madd(f32x4.mul(bounded, large), small, gate);
}

function geluTanhSlope(x: v128): v128 {
  const square = f32x4.mul(x, x);
  const u = f32x4.mul(x, madd(square, f32x4.splat(0.0713548162726), f32x4.splat(1.59576912161)));
  return gatedSlope(x, u, madd(square, f32x4.splat(3 * 0.0713548162726), f32x4.splat(1.59576912161)));
}

/** `Φ(x) + x φ(x)`. */
function geluSlope(x: v128): v128 {
  const z = f32x4.min(f32x4.abs(x), f32x4.splat(20));
  const bell = exp(f32x4.mul(f32x4.mul(z, z), f32x4.splat(-0.5)));
  const tail = f32x4.mul(normalTail(z), bell);
  const cumulative = v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
  const clipped = v128.bitselect(f32x4.neg(z), z, f32x4.lt(x, f32x4.splat(0)));
  return madd(f32x4.mul(clipped, f32x4.splat(0.398942280401)), bell, cumulative);
}
