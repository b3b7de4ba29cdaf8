import { exp } from './exp';
import { loadFirst, maximum, storeFirst, sum } from './lanes';

/**
 * `softmax(x * scale + mask)` of rows of `width` numbers; rows lie `step` bytes apart, `from` and `to` may be the same. `mask` is 0
 * where there is none; the same one serves all rows if `maskStep` is 0. A row with NaN or +Infinity becomes NaN, and so
 * does one of -Infinity alone.
 */
export function softmax(
  from: usize, to: usize, rows: i32, width: i32, step: usize, scale: f32, mask: usize, maskStep: usize,
): void {
  for (let row = 0; row < rows; row++) {
    const highest = prepare(from, to, width, f32x4.splat(scale), mask);
    const factor = f32x4.splat(1 / exponentials(to, width, f32x4.splat(highest)));
    for (let i = 0; i < width; i += 4) {
      const at = to + (<usize>i << 2);
      const x = loadFirst(at, width - i, f32x4.splat(0));
      storeFirst(at, width - i, f32x4.mul(x, factor));
    }
    from += step;
    to += step;
    mask += maskStep;
  }
}

/** Scales and masks a row; gives its largest number. */
function prepare(from: usize, to: usize, width: i32, scale: v128, mask: usize): f32 {
  const lowest = f32x4.splat(f32.NEGATIVE_INFINITY);
  let highest = lowest;
  for (let i = 0; i < width; i += 4) {
    const at = <usize>i << 2;
    const count = width - i;
    let x = f32x4.mul(loadFirst(from + at, count, lowest), scale);
    if (mask) x = f32x4.add(x, loadFirst(mask + at, count, f32x4.splat(0)));
    highest = f32x4.max(highest, x);
    storeFirst(to + at, count, x);
  }
  return maximum(highest);
}

/** `exp(x - highest)` in place; gives the sum. */
function exponentials(at: usize, width: i32, highest: v128): f32 {
  let total = f32x4.splat(0);
  for (let i = 0; i < width; i += 4) {
    const count = width - i;
    const x = exp(f32x4.sub(loadFirst(at, count, f32x4.splat(f32.NEGATIVE_INFINITY)), highest));
    total = f32x4.add(total, x);
    storeFirst(at, count, x);
    at += 16;
  }
  return sum(total);
}
