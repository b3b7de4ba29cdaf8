import { RUN } from './column-sums';
import { loadFirst, sum } from './lanes';

/** Sums of the rows of `[rows, width]`. */
export function rowSums(from: usize, to: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    store<f32>(to, rowSum(from, width));
    from += <usize>width << 2;
    to += 4;
  }
}

function rowSum(from: usize, width: i32): f32 {
  const zero = f32x4.splat(0);
  let total = zero;
  while (width > 0) {
    let a = zero, b = zero, c = zero, d = zero;
    let rest = min(width, 16 * RUN);
    width -= rest;
    for (; rest >= 16; rest -= 16) {
      a = f32x4.add(a, v128.load(from));
      b = f32x4.add(b, v128.load(from, 16));
      c = f32x4.add(c, v128.load(from, 32));
      d = f32x4.add(d, v128.load(from, 48));
      from += 64;
    }
    for (; rest > 0; rest -= 4) {
      a = f32x4.add(a, loadFirst(from, rest, zero));
      from += 16;
    }
    total = f32x4.add(total, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  return sum(total);
}
