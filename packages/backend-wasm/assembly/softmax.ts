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
    let at = to;
    let count = width;
    for (; count >= 4; count -= 4) {
      v128.store(at, f32x4.mul(v128.load(at), factor));
      at += 16;
    }
    if (count > 0) storeFirst(at, count, f32x4.mul(loadFirst(at, count, f32x4.splat(0)), factor));
    from += step;
    to += step;
    mask += maskStep;
  }
}

/** Scales and masks a row; gives its largest number, of which NaN is none. */
function prepare(from: usize, to: usize, count: i32, scale: v128, mask: usize): f32 {
  const lowest = f32x4.splat(f32.NEGATIVE_INFINITY);
  let highest = lowest;
  if (!mask) {
    for (; count >= 4; count -= 4) {
      const x = f32x4.mul(v128.load(from), scale);
      highest = f32x4.pmax(highest, x);
      v128.store(to, x);
      from += 16;
      to += 16;
    }
  }
  for (; count > 0; count -= 4) {
    let x = f32x4.mul(loadFirst(from, count, lowest), scale);
    if (mask) {
      x = f32x4.add(x, loadFirst(mask, count, f32x4.splat(0)));
      mask += 16;
    }
    highest = f32x4.pmax(highest, x);
    storeFirst(to, count, x);
    from += 16;
    to += 16;
  }
  return maximum(highest);
}

/** `exp(x - highest)` in place; gives the sum. */
function exponentials(at: usize, width: i32, highest: v128): f32 {
  let total = f32x4.splat(0);
  let count = width;
  for (; count >= 4; count -= 4) {
    const x = exp(f32x4.sub(v128.load(at), highest));
    total = f32x4.add(total, x);
    v128.store(at, x);
    at += 16;
  }
  if (count > 0) {
    const x = exp(f32x4.sub(loadFirst(at, count, f32x4.splat(f32.NEGATIVE_INFINITY)), highest));
    total = f32x4.add(total, x);
    storeFirst(at, count, x);
  }
  return sum(total);
}
