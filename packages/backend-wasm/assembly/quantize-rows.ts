import { activationRange, INT8 } from './format';
import { loadFirst, maximum, minimum, sum } from './lanes';
import { countOutside, listOutside, MOST_OUTLIERS, usualSpan } from './outliers';

/**
 * What is known of one row: its scale, a float32; its zero point, an int32; where its outliers are listed, an address;
 * and their number, an int32.
 */
export const ROW_BYTES: usize = 16;

/**
 * Scales, zero points and outliers of rows of `k` numbers, each times its factor. Int16 codes are symmetric. Int8 codes
 * span the row's numbers and 0, which halves the error after an activation that has hardly any negative numbers. A row
 * with NaN or infinity gets the scale NaN or infinity.
 */
export function describeRows(
  from: usize, row: usize, factors: usize, rows: i32, k: i32, to: usize, lists: usize, format: i32,
): void {
  const most = min(MOST_OUTLIERS, k >> 5);
  const range = activationRange(format);
  for (let i = 0; i < rows; i++) {
    let highs = f32x4.splat(0), lows = highs, sizes = highs;
    for (let p = 0; p < k; p += 4) {
      const x = scaled(from, factors, p, k);
      highs = f32x4.max(highs, x);
      lows = f32x4.min(lows, x);
      sizes = f32x4.add(sizes, f32x4.abs(x));
    }
    let high = maximum(highs), low = minimum(lows);
    if (format != INT8) high = max(high, -low), low = -high;
    let count = 0;
    for (let span = usualSpan(format) * sum(sizes) / <f32>k; most > 0 && high - low > span; span *= 2) {
      // As much as the span holds, in the middle or from the shorter end on.
      const bottom = max(low, -span / 2), top = min(high, bottom + span);
      const found = countOutside(from, factors, k, max(low, top - span), top);
      if (found > most) continue;
      count = found;
      high = top, low = max(low, top - span);
      break;
    }
    const scale = (format == INT8 ? high - low : high) / range;
    const zero = format == INT8 && scale > 0 ? <i32>nearest(-low / scale) : 0;
    store<f32>(to, scale);
    store<i32>(to, zero, 4);
    store<u32>(to, <u32>lists, 8);
    store<i32>(to, count, 12);
    if (count) listOutside(from, factors, k, low, high, to, format);
    from += row;
    to += ROW_BYTES;
    lists += <usize>MOST_OUTLIERS << 3;
  }
}

/** Four numbers of a row from `p` on, times their factors; 0 beyond its end. */
// @ts-ignore: decorator
@inline export function scaled(from: usize, factors: usize, p: i32, k: i32): v128 {
  const at = <usize>p << 2;
  if (p + 4 <= k) return f32x4.mul(v128.load(from + at), v128.load(factors + at));
  const zero = f32x4.splat(0);
  return f32x4.mul(loadFirst(from + at, k - p, zero), loadFirst(factors + at, k - p, zero));
}

/** The codes of numbers, which stay in their range. */
// @ts-ignore: decorator
@inline export function codesOf(x: v128, inverse: v128, zero: v128, format: i32): v128 {
  const codes = i32x4.add(i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, inverse))), zero);
  const range = <i32>activationRange(format);
  return i32x4.max_s(i32x4.min_s(codes, i32x4.splat(range)), i32x4.splat(format == INT8 ? 0 : -range));
}

/**
 * `rows` rows as `round(x / scale) + zero point` from number `begin` on, in steps as `packRows` lays them out,
 * `[steps, rows]`; beyond `k` as zeros.
 */
export function quantizeRows(
  from: usize, row: usize, factors: usize, described: usize, to: usize, rows: i32, begin: i32, k: i32, steps: i32,
  format: i32,
): void {
  const next = <usize>rows << 2;
  const four = format == INT8 ? 1 : 2;
  for (let i = 0; i < rows; i++) {
    const inverse = f32x4.splat(1 / load<f32>(described));
    const zero = i32x4.splat(load<i32>(described, 4));
    let target = to + (<usize>i << 2);
    for (let step = 0; step < steps; step += four) {
      const x = scaled(from, factors, begin + (step << format), k);
      const codes = codesOf(x, inverse, zero, format);
      if (format == INT8) {
        const wide = i16x8.narrow_i32x4_s(codes, codes);
        v128.store32_lane(target, i8x16.narrow_i16x8_u(wide, wide), 0);
      } else {
        const pairs = i16x8.narrow_i32x4_s(codes, codes);
        v128.store32_lane(target, pairs, 0);
        if (step + 1 < steps) v128.store32_lane(target + next, pairs, 1);
      }
      target += next * <usize>four;
    }
    from += row;
    described += ROW_BYTES;
  }
}
