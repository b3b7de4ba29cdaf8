/**
 * `rows` rows of the left factor, `k` numbers long, as `[k, rows]`: what one tile reads in a step of `k` lies together.
 * Number `(i, p)` is read at `from + i * row + p * column`, in bytes.
 */
export function packRows(from: usize, row: usize, column: usize, to: usize, rows: i32, k: i32): void {
  if (column == 4 && rows >= 4) {
    packFour(from, row, to, rows, k);
    packAny(from + 4 * row, row, column, to + 16, rows - 4, rows, k);
  } else packAny(from, row, column, to, rows, rows, k);
}

function packAny(from: usize, row: usize, column: usize, to: usize, rows: i32, step: i32, k: i32): void {
  for (let i = 0; i < rows; i++) {
    let source = from + <usize>i * row;
    let target = to + ((<usize>i) << 2);
    for (let p = 0; p < k; p++) {
      store<f32>(target, load<f32>(source));
      source += column;
      target += (<usize>step) << 2;
    }
  }
}

/** The first four rows, four numbers of each at a time. */
function packFour(from: usize, row: usize, to: usize, step: i32, k: i32): void {
  const next = (<usize>step) << 2;
  const whole = k & ~3;
  for (let p = 0; p < whole; p += 4) {
    const a = v128.load(from);
    const b = v128.load(from + row);
    const c = v128.load(from + 2 * row);
    const d = v128.load(from + 3 * row);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const ab2 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(to + next, i64x2.shuffle(ab, cd, 1, 3));
    v128.store(to + 2 * next, i64x2.shuffle(ab2, cd2, 0, 2));
    v128.store(to + 3 * next, i64x2.shuffle(ab2, cd2, 1, 3));
    from += 16;
    to += 4 * next;
  }
  packAny(from, row, 4, to, 4, step, k - whole);
}
