import { columnSums } from './column-sums';
import { loadFirst, storeFirst } from './lanes';
import { madd } from './madd';
import { divide, zeros } from './runs';

/** Rows at once: four columns after four of them are gone through while they are in the first cache. */
export const ROWS_AT_ONCE: i32 = 32;

/**
 * Columns of `[rows, width]` to mean 0 and variance 1, then times `weight` plus `bias`. Their mean and population variance
 * are left at `mean` and `variance`. A column with NaN or an infinity becomes NaN; a constant one becomes `bias`.
 */
export function batchNorm(
  x: usize, weight: usize, bias: usize, y: usize, mean: usize, variance: usize, rows: i32, width: i32, epsilon: f32,
): void {
  moments(x, mean, variance, rows, width);
  const zero = f32x4.splat(0);
  const step = <usize>width << 2;
  for (; rows > 0; rows -= ROWS_AT_ONCE) {
    const count = min(rows, ROWS_AT_ONCE);
    for (let i = 0; i < width; i += 4) {
      const at = <usize>i << 2;
      const left = width - i;
      const centre = loadFirst(mean + at, left, zero);
      const scale = f32x4.mul(inverse(variance + at, left, epsilon), loadFirst(weight + at, left, zero));
      const shift = loadFirst(bias + at, left, zero);
      for (let row: usize = 0; row < <usize>count; row++) {
        const place = row * step + at;
        storeFirst(y + place, left, madd(f32x4.sub(loadFirst(x + place, left, zero), centre), scale, shift));
      }
    }
    x += <usize>count * step;
    y += <usize>count * step;
  }
}

/** Means and population variances of the columns. */
export function moments(x: usize, mean: usize, variance: usize, rows: i32, width: i32): void {
  columnSums(x, mean, rows, width);
  divide(mean, width, <f32>rows);
  squares(x, mean, variance, rows, width);
  divide(variance, width, <f32>rows);
}

/** `1 / √(variance + epsilon)` of the first `left` of four columns. */
export function inverse(variance: usize, left: i32, epsilon: f32): v128 {
  const moved = f32x4.add(loadFirst(variance, left, f32x4.splat(1)), f32x4.splat(epsilon));
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(moved));
}

/** Sums of `(x - mean)²` over the rows. */
function squares(x: usize, mean: usize, to: usize, rows: i32, width: i32): void {
  const zero = f32x4.splat(0);
  const step = <usize>width << 2;
  zeros(to, width);
  for (; rows > 0; rows -= ROWS_AT_ONCE) {
    const count = min(rows, ROWS_AT_ONCE);
    for (let i = 0; i < width; i += 4) {
      const at = <usize>i << 2;
      const left = width - i;
      const centre = loadFirst(mean + at, left, zero);
      let sums = zero;
      for (let row: usize = 0; row < <usize>count; row++) {
        const d = f32x4.sub(loadFirst(x + row * step + at, left, zero), centre);
        sums = madd(d, d, sums);
      }
      storeFirst(to + at, left, f32x4.add(loadFirst(to + at, left, zero), sums));
    }
    x += <usize>count * step;
  }
}
