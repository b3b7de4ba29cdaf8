import { loadFirst, storeFirst, sum } from './lanes';
import { madd } from './madd';

/**
 * Rows of `width` numbers to mean 0 and population variance 1, then times `weight` plus `bias`. A row with NaN or an
 * infinity becomes NaN; a constant row becomes `bias`.
 */
export function layerNorm(
  from: usize, weight: usize, bias: usize, to: usize, rows: i32, width: i32, epsilon: f32,
): void {
  const step = <usize>width << 2;
  for (let row = 0; row < rows; row++) {
    const mean = f32x4.splat(total(from, width) / <f32>width);
    const variance = squares(from, mean, width) / <f32>width;
    const scale = f32x4.splat(1 / sqrt(variance + epsilon));
    for (let i = 0; i < width; i += 4) {
      const at = <usize>i << 2;
      const count = width - i;
      const unit = f32x4.mul(f32x4.sub(loadFirst(from + at, count, mean), mean), scale);
      const zero = f32x4.splat(0);
      storeFirst(to + at, count, madd(unit, loadFirst(weight + at, count, zero), loadFirst(bias + at, count, zero)));
    }
    from += step;
    to += step;
  }
}

export function total(from: usize, width: i32): f32 {
  let a = f32x4.splat(0);
  let b = a;
  let i = 0;
  for (; i + 8 <= width; i += 8) {
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    from += 32;
  }
  for (; i < width; i += 4) {
    a = f32x4.add(a, loadFirst(from, width - i, f32x4.splat(0)));
    from += 16;
  }
  return sum(f32x4.add(a, b));
}

/** Sum of `(x - mean)²`. */
export function squares(from: usize, mean: v128, width: i32): f32 {
  let a = f32x4.splat(0);
  let b = a;
  let i = 0;
  for (; i + 8 <= width; i += 8) {
    const x = f32x4.sub(v128.load(from), mean);
    const y = f32x4.sub(v128.load(from, 16), mean);
    a = madd(x, x, a);
    b = madd(y, y, b);
    from += 32;
  }
  for (; i < width; i += 4) {
    const x = f32x4.sub(loadFirst(from, width - i, mean), mean);
    a = madd(x, x, a);
    from += 16;
  }
  return sum(f32x4.add(a, b));
}
