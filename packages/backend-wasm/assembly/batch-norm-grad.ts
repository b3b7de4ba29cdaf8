import { inverse, moments, ROWS_AT_ONCE } from './batch-norm';
import { loadFirst, storeFirst } from './lanes';
import { madd } from './madd';
import { zeros } from './runs';

/**
 * Gradients of `batchNorm` with respect to `x`, weight and bias, from that of its result.
 *
 * With `s = 1 / √(variance + epsilon)` and `u = (x - mean) s`: `dBias` sums `dy`, `dWeight` `dy u`, over the rows, and
 * `dx = weight s (dy - dBias / rows - u dWeight / rows)`. `scratch` has room for two numbers of each column.
 */
export function batchNormGrad(
  x: usize, weight: usize, dy: usize, dx: usize, dWeight: usize, dBias: usize, rows: i32, width: i32, epsilon: f32,
  scratch: usize,
): void {
  const mean = scratch;
  const variance = mean + (<usize>width << 2);
  moments(x, mean, variance, rows, width);
  sums(x, mean, variance, dy, dWeight, dBias, rows, width, epsilon);
  const zero = f32x4.splat(0);
  const step = <usize>width << 2;
  const share = f32x4.splat(-1 / <f32>rows);
  for (; rows > 0; rows -= ROWS_AT_ONCE) {
    const count = min(rows, ROWS_AT_ONCE);
    for (let i = 0; i < width; i += 4) {
      const at = <usize>i << 2;
      const left = width - i;
      const centre = loadFirst(mean + at, left, zero);
      const s = inverse(variance + at, left, epsilon);
      const scale = f32x4.mul(s, loadFirst(weight + at, left, zero));
      const shift = f32x4.mul(loadFirst(dBias + at, left, zero), share);
      const along = f32x4.mul(f32x4.mul(loadFirst(dWeight + at, left, zero), share), s);
      for (let row: usize = 0; row < <usize>count; row++) {
        const place = row * step + at;
        const centred = f32x4.sub(loadFirst(x + place, left, zero), centre);
        const slope = f32x4.add(loadFirst(dy + place, left, zero), shift);
        storeFirst(dx + place, left, f32x4.mul(madd(centred, along, slope), scale));
      }
    }
    x += <usize>count * step;
    dy += <usize>count * step;
    dx += <usize>count * step;
  }
}

function sums(
  x: usize, mean: usize, variance: usize, dy: usize, dWeight: usize, dBias: usize, rows: i32, width: i32, epsilon: f32,
): void {
  const zero = f32x4.splat(0);
  const step = <usize>width << 2;
  zeros(dWeight, width);
  zeros(dBias, width);
  for (; rows > 0; rows -= ROWS_AT_ONCE) {
    const count = min(rows, ROWS_AT_ONCE);
    for (let i = 0; i < width; i += 4) {
      const at = <usize>i << 2;
      const left = width - i;
      const centre = loadFirst(mean + at, left, zero);
      let sum = zero;
      let products = zero;
      for (let row: usize = 0; row < <usize>count; row++) {
        const place = row * step + at;
        const slope = loadFirst(dy + place, left, zero);
        sum = f32x4.add(sum, slope);
        products = madd(f32x4.sub(loadFirst(x + place, left, zero), centre), slope, products);
      }
      const s = inverse(variance + at, left, epsilon);
      storeFirst(dBias + at, left, f32x4.add(loadFirst(dBias + at, left, zero), sum));
      storeFirst(dWeight + at, left, madd(products, s, loadFirst(dWeight + at, left, zero)));
    }
    x += <usize>count * step;
    dy += <usize>count * step;
  }
}
