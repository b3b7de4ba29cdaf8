import { activationRange, INT8 } from './format';
import { maximum, minimum, sum } from './lanes';
import { countOutside, listOutside, MOST_OUTLIERS, usualSpan } from './outliers';
import { scaled } from './quantize-rows';

/**
 * What is known of one row: its scale, a float32; its zero point, an int32; where its outliers are listed, an address;
 * and their number, an int32.
 */
export const ROW_BYTES: usize = 16;

/**
 * Scales, zero points and outliers of rows of `k` numbers, each times its factor. Int16 codes are symmetric. Int8 codes
 * span the row's numbers and 0, which halves the error after an activation that has hardly any negative numbers. A row
 * with NaN or infinity gets the scale NaN.
 */
export function describeRows(
  from: usize, row: usize, factors: usize, rows: i32, k: i32, to: usize, lists: usize, format: i32,
): void {
  for (let i = 0; i < rows; i++) {
    describeRow(from, factors, k, to, lists, format);
    from += row;
    to += ROW_BYTES;
    lists += <usize>MOST_OUTLIERS << 3;
  }
}

function describeRow(from: usize, factors: usize, k: i32, to: usize, list: usize, format: i32): void {
  // As integers, numbers of one sign are in the order of their sizes, and NaN is beyond all.
  let highs = i32x4.splat(0), lows = i32x4.splat(i32.MIN_VALUE);
  let sizes = f32x4.splat(0), more = sizes;
  let p = 0;
  for (; p + 8 <= k; p += 8) {
    const at = <usize>p << 2;
    const x = f32x4.mul(v128.load(from + at), v128.load(factors + at));
    const y = f32x4.mul(v128.load(from + at, 16), v128.load(factors + at, 16));
    highs = i32x4.max_s(i32x4.max_s(highs, x), y);
    lows = i32x4.max_u(i32x4.max_u(lows, x), y);
    sizes = f32x4.add(sizes, f32x4.abs(x));
    more = f32x4.add(more, f32x4.abs(y));
  }
  for (; p < k; p += 4) {
    const x = scaled(from, factors, p, k);
    highs = i32x4.max_s(highs, x);
    lows = i32x4.max_u(lows, x);
    sizes = f32x4.add(sizes, f32x4.abs(x));
  }
  let high = maximum(highs), low = minimum(lows);
  if (format != INT8) high = max(high, -low), low = -high;
  const most = min(MOST_OUTLIERS, k >> 5);
  let count = 0;
  for (let span = (usualSpan(format) * sum(f32x4.add(sizes, more))) / <f32>k; most > 0 && high - low > span; span *= 2) {
    // As much as the span holds, in the middle or from the shorter end on.
    const bottom = max(low, -span / 2), top = min(high, bottom + span);
    const found = countOutside(from, factors, k, max(low, top - span), top);
    if (found > most) continue;
    count = found;
    high = top, low = max(low, top - span);
    break;
  }
  const scale = (format == INT8 ? high - low : high) / activationRange(format);
  store<f32>(to, scale < Infinity ? scale : NaN);
  store<i32>(to, format == INT8 && scale > 0 ? <i32>nearest(-low / scale) : 0, 4);
  store<u32>(to, <u32>list, 8);
  store<i32>(to, count, 12);
  if (count) listOutside(from, factors, k, low, high, to, format);
}
