/** Sum of the four lanes. */
export function sum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** Largest lane; NaN if one is NaN. */
export function maximum(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** The larger of `most` and the sizes of numbers, lane by lane. As integers sizes are in order, and NaN above them. */
// @ts-ignore: decorator
@inline export function larger(most: v128, x: v128): v128 {
  return i32x4.max_s(most, f32x4.abs(x));
}

/** Smallest lane; NaN if one is NaN. */
export function minimum(v: v128): f32 {
  return -maximum(f32x4.neg(v));
}

/** The first `count` of four numbers at `from`, which ends there; the other lanes are `rest`. */
export function loadFirst(from: usize, count: i32, rest: v128): v128 {
  if (count >= 4) return v128.load(from);
  let v = rest;
  if (count > 0) v = v128.load32_lane(from, v, 0);
  if (count > 1) v = v128.load32_lane(from, v, 1, 4);
  if (count > 2) v = v128.load32_lane(from, v, 2, 8);
  return v;
}

/** The same without a call where all four are there. */
// @ts-ignore: decorator
@inline export function loadUpTo(from: usize, count: i32, rest: v128): v128 {
  return count >= 4 ? v128.load(from) : loadFirst(from, count, rest);
}

/** All bits of the first `count` lanes. */
// @ts-ignore: decorator
@inline export function firstLanes(count: i32): v128 {
  return i32x4.gt_s(i32x4.splat(count), i32x4(0, 1, 2, 3));
}

/** Stores the first `count` lanes at `to`. */
export function storeFirst(to: usize, count: i32, v: v128): void {
  if (count >= 4) {
    v128.store(to, v);
    return;
  }
  if (count > 0) v128.store32_lane(to, v, 0);
  if (count > 1) v128.store32_lane(to, v, 1, 4);
  if (count > 2) v128.store32_lane(to, v, 2, 8);
}
