import { loadFirst, storeFirst } from './lanes';

/** Numbers that are added in a row, before their sum is added to the others: the rounding of long sums stays small. */
export const RUN: i32 = 128;

/** Sums over the rows of `[rows, width]`, of which each begins where the last ends. */
export function columnSums(from: usize, to: usize, rows: i32, width: i32): void {
  const step = <usize>width << 2;
  let i = 0;
  for (; i + 16 <= width; i += 16) sumStrip(from + (<usize>i << 2), to + (<usize>i << 2), rows, step);
  for (; i < width; i += 4) sumFew(from + (<usize>i << 2), to + (<usize>i << 2), rows, step, width - i);
}

/** Sixteen columns, a cache line. */
function sumStrip(from: usize, to: usize, rows: i32, step: usize): void {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  while (rows > 0) {
    let a1 = f32x4.splat(0), b1 = a1, c1 = a1, d1 = a1;
    for (let i = min(rows, RUN); i > 0; i--) {
      a1 = f32x4.add(a1, v128.load(from));
      b1 = f32x4.add(b1, v128.load(from, 16));
      c1 = f32x4.add(c1, v128.load(from, 32));
      d1 = f32x4.add(d1, v128.load(from, 48));
      from += step;
    }
    a = f32x4.add(a, a1), b = f32x4.add(b, b1), c = f32x4.add(c, c1), d = f32x4.add(d, d1);
    rows -= RUN;
  }
  v128.store(to, a), v128.store(to, b, 16), v128.store(to, c, 32), v128.store(to, d, 48);
}

/** The first `count` of four columns. */
function sumFew(from: usize, to: usize, rows: i32, step: usize, count: i32): void {
  const zero = f32x4.splat(0);
  let sums = zero;
  while (rows > 0) {
    let run = zero;
    for (let i = min(rows, RUN); i > 0; i--) {
      run = f32x4.add(run, loadFirst(from, count, zero));
      from += step;
    }
    sums = f32x4.add(sums, run);
    rows -= RUN;
  }
  storeFirst(to, count, sums);
}
