import { LARGEST_CODE_INT8 } from '../constants';

/** Below, a step has no inverse in float32. */
const LEAST: f32 = 1e-30;

/**
 * `count` rows of float32 less `mean`, `dim` numbers each, as int8 in steps of 127ths of the largest, at `to`, `width` bytes each.
 * `told`, four float64 a row: the step, and the squares of the row, of what its steps lack and of the steps, each summed.
 */
export function quantizeRows(
  rows: usize,
  count: i32,
  dim: i32,
  mean: usize,
  to: usize,
  width: i32,
  told: usize,
): void {
  const bytes = <usize>dim << 2;
  for (let i = 0; i < count; i++) {
    quantizeRow(rows, bytes, mean, to, told);
    rows += bytes;
    to += <usize>width;
    told += 32;
  }
}

function quantizeRow(row: usize, bytes: usize, mean: usize, to: usize, told: usize): void {
  const whole = bytes & ~63;
  const step = largestBeyond(row, bytes, mean, told) / LARGEST_CODE_INT8;
  const perStep: f32 = step < LEAST ? 0 : 1 / step;
  const steps = f64x2.splat(step), inverse = f32x4.splat(perStep);
  let rest = f64x2.splat(0);
  let squares = i32x4.splat(0);
  let k: usize = 0;
  for (; k < whole; k += 64) {
    const a = beyond(row + k, mean + k), b = beyond(row + k + 16, mean + k + 16);
    const c = beyond(row + k + 32, mean + k + 32), d = beyond(row + k + 48, mean + k + 48);
    const p = nearest(a, inverse), q = nearest(b, inverse), r = nearest(c, inverse), s = nearest(d, inverse);
    rest = lacking(d, s, steps, lacking(c, r, steps, lacking(b, q, steps, lacking(a, p, steps, rest))));
    const low = i16x8.narrow_i32x4_s(p, q), high = i16x8.narrow_i32x4_s(r, s);
    squares = i32x4.add(squares, i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high)));
    v128.store(to + (k >> 2), i8x16.narrow_i16x8_s(low, high));
  }
  let lacks = f64x2.extract_lane(rest, 0) + f64x2.extract_lane(rest, 1);
  let stepped = <f64>i32x4.extract_lane(squares, 0) + <f64>i32x4.extract_lane(squares, 1) +
    (<f64>i32x4.extract_lane(squares, 2) + <f64>i32x4.extract_lane(squares, 3));
  for (; k < bytes; k += 4) {
    const more = load<f32>(row + k) - load<f32>(mean + k);
    const one = f32.nearest(more * perStep);
    const lack = <f64>more - <f64>step * <f64>one;
    lacks += lack * lack;
    stepped += <f64>one * <f64>one;
    store<i8>(to + (k >> 2), <i8>one);
  }
  store<f64>(told, <f64>step);
  store<f64>(told, lacks, 16);
  store<f64>(told, stepped, 24);
}

/** Writes the sum of squares too. */
function largestBeyond(row: usize, bytes: usize, mean: usize, told: usize): f32 {
  const whole = bytes & ~15;
  let most = f32x4.splat(0);
  let low = f64x2.splat(0), high = low;
  let k: usize = 0;
  for (; k < whole; k += 16) {
    const values = v128.load(row + k);
    const a = f64x2.promote_low_f32x4(values), b = f64x2.promote_low_f32x4(upper(values));
    low = f64x2.add(low, f64x2.mul(a, a));
    high = f64x2.add(high, f64x2.mul(b, b));
    most = f32x4.pmax(most, f32x4.abs(f32x4.sub(values, v128.load(mean + k))));
  }
  const sums = f64x2.add(low, high);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  let largest = max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  for (; k < bytes; k += 4) {
    const value = load<f32>(row + k);
    sum += <f64>value * <f64>value;
    largest = max(largest, abs(value - load<f32>(mean + k)));
  }
  store<f64>(told, sum, 8);
  return largest;
}

// @ts-ignore: decorator
@inline export function beyond(row: usize, mean: usize): v128 {
  return f32x4.sub(v128.load(row), v128.load(mean));
}

// @ts-ignore: decorator
@inline export function nearest(more: v128, inverse: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(more, inverse)));
}

/** Adds the squares of what whole steps lack of four numbers. */
// @ts-ignore: decorator
@inline export function lacking(more: v128, whole: v128, step: v128, sum: v128): v128 {
  const a = f64x2.sub(f64x2.promote_low_f32x4(more), f64x2.mul(step, f64x2.convert_low_i32x4_s(whole)));
  const b = f64x2.sub(
    f64x2.promote_low_f32x4(upper(more)),
    f64x2.mul(step, f64x2.convert_low_i32x4_s(upper(whole))),
  );
  return f64x2.add(sum, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
}

/** The last two numbers of four as the first. */
// @ts-ignore: decorator
@inline export function upper(v: v128): v128 {
  return i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}
