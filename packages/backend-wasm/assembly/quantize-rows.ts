import { activationRange, INT8 } from './format';
import { loadFirst, maximum, minimum } from './lanes';

/** Bytes for each row's scale, a float32, and zero point, an int32. */
export const SCALE_BYTES: usize = 8;

/**
 * Scales and zero points of rows of `k` numbers. Int16 codes are symmetric. Int8 codes span the row's numbers and 0,
 * which halves the error after an activation that has hardly any negative numbers. A row with NaN or infinity gets the
 * scale NaN or infinity.
 */
export function rowScales(from: usize, row: usize, rows: i32, k: i32, to: usize, format: i32): void {
  for (let i = 0; i < rows; i++) {
    let high = f32x4.splat(0);
    let low = high;
    for (let p = 0; p < k; p += 4) {
      const x = loadFirst(from + (<usize>p << 2), k - p, f32x4.splat(0));
      high = f32x4.max(high, x);
      low = f32x4.min(low, x);
    }
    const highest = maximum(high);
    const lowest = minimum(low);
    const span = format == INT8 ? highest - lowest : max(highest, -lowest);
    const scale = span / activationRange(format);
    store<f32>(to, scale);
    store<i32>(to, format == INT8 && scale > 0 ? <i32>nearest(-lowest / scale) : 0, 4);
    from += row;
    to += SCALE_BYTES;
  }
}

/**
 * `rows` rows as `round(x / scale) + zero point`, in steps as `packRows` lays them out, `[steps, rows]`. `count` numbers
 * of each are read; the steps after them are those of zeros.
 */
export function quantizeRows(
  from: usize, row: usize, scales: usize, to: usize, rows: i32, count: i32, steps: i32, format: i32,
): void {
  const next = <usize>rows << 2;
  const four = format == INT8 ? 1 : 2;
  for (let i = 0; i < rows; i++) {
    const factor = f32x4.splat(1 / load<f32>(scales));
    const zero = i32x4.splat(load<i32>(scales, 4));
    let target = to + (<usize>i << 2);
    for (let step = 0; step < steps; step += four) {
      const p = step << format;
      const x = loadFirst(from + (<usize>p << 2), count - p, f32x4.splat(0));
      const codes = i32x4.add(i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, factor))), zero);
      if (format == INT8) {
        // At both ends rounding twice may lead one step out.
        const inside = i32x4.min_s(codes, i32x4.splat(127));
        const wide = i16x8.narrow_i32x4_s(inside, inside);
        v128.store32_lane(target, i8x16.narrow_i16x8_u(wide, wide), 0);
      } else {
        const pairs = i16x8.narrow_i32x4_s(codes, codes);
        v128.store32_lane(target, pairs, 0);
        if (step + 1 < steps) v128.store32_lane(target + next, pairs, 1);
      }
      target += next * <usize>four;
    }
    from += row;
    scales += SCALE_BYTES;
  }
}
