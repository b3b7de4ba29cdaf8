import { INT8, largestActivation, ZERO_POINT } from './format';
import { loadFirst, maximum } from './lanes';

/** Scales of rows of `k` numbers, so that the largest becomes the largest code; NaN for a row with NaN. */
export function rowScales(from: usize, row: usize, rows: i32, k: i32, to: usize, format: i32): void {
  for (let i = 0; i < rows; i++) {
    let largest = f32x4.splat(0);
    for (let p = 0; p < k; p += 4) {
      largest = f32x4.max(largest, f32x4.abs(loadFirst(from + (<usize>p << 2), k - p, f32x4.splat(0))));
    }
    store<f32>(to, maximum(largest) / largestActivation(format));
    from += row;
    to += 4;
  }
}

/**
 * `rows` rows as `round(x / scale)`, in steps as `packRows` lays them out, `[steps, rows]`. `count` numbers of each
 * are read; the steps after them are those of zeros.
 */
export function quantizeRows(
  from: usize, row: usize, scales: usize, to: usize, rows: i32, count: i32, steps: i32, format: i32,
): void {
  const next = <usize>rows << 2;
  for (let i = 0; i < rows; i++) {
    const factor = f32x4.splat(1 / load<f32>(scales + (<usize>i << 2)));
    let target = to + (<usize>i << 2);
    const four = format == INT8 ? 1 : 2;
    for (let step = 0; step < steps; step += four) {
      const p = step << format;
      const x = loadFirst(from + (<usize>p << 2), count - p, f32x4.splat(0));
      const codes = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, factor)));
      if (format == INT8) {
        const wide = i16x8.narrow_i32x4_s(i32x4.add(codes, i32x4.splat(ZERO_POINT)), codes);
        v128.store32_lane(target, i8x16.narrow_i16x8_u(wide, wide), 0);
      } else {
        const pairs = i16x8.narrow_i32x4_s(codes, codes);
        v128.store32_lane(target, pairs, 0);
        if (step + 1 < steps) v128.store32_lane(target + next, pairs, 1);
      }
      target += next * <usize>four;
    }
    from += row;
  }
}
