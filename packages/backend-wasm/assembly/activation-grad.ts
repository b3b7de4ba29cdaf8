import { CUBIC, hardSigmoid, LINEAR, normalTail } from './activation';
import { exp } from './exp';
import { madd } from './madd';

/** Of `x σ(u)`, where `u` has the slope `du`: `σ + x du σ (1 - σ)`. */
export function gatedSlope(x: v128, u: v128, du: v128): v128 {
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

export function geluTanhSlope(x: v128): v128 {
  const square = f32x4.mul(x, x);
  const u = f32x4.mul(x, madd(square, CUBIC, LINEAR));
  return gatedSlope(x, u, madd(square, f32x4.mul(f32x4.splat(3), CUBIC), LINEAR));
}

/** `Φ(x) + x φ(x)`. */
export function geluSlope(x: v128): v128 {
  const z = f32x4.min(f32x4.abs(x), f32x4.splat(20));
  const bell = exp(f32x4.mul(f32x4.mul(z, z), f32x4.splat(-0.5)));
  const tail = f32x4.mul(normalTail(z), bell);
  const cumulative = v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
  const clipped = v128.bitselect(f32x4.neg(z), z, f32x4.lt(x, f32x4.splat(0)));
  return madd(f32x4.mul(clipped, f32x4.splat(0.398942280401)), bell, cumulative);
}

/** Of `x hardSigmoid(x)`, at its corners that outside, as in PyTorch. */
export function hardswishSlope(x: v128): v128 {
  const inside = v128.and(x, between(x, -3, 3));
  return f32x4.add(hardSigmoid(x), f32x4.mul(inside, f32x4.splat(1 / <f32>6)));
}

/** All bits where `x` is between the bounds. */
export function between(x: v128, low: f32, high: f32): v128 {
  return v128.and(f32x4.gt(x, f32x4.splat(low)), f32x4.lt(x, f32x4.splat(high)));
}
