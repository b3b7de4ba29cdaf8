/**
 * `rows` rows of the left factor, `k` numbers long, as `[k, rows]`: what one tile reads in a step of `k` lies together.
 * Number `(i, p)` is read at `from + i * row + p * column`, in bytes.
 */
export function packRows(from: usize, row: usize, column: usize, to: usize, rows: i32, k: i32): void {
  if (row == 4) {
    packAcross(from, column, to, rows, k);
    return;
  }
  let done = 0;
  if (column == 4) {
    for (; done + 4 <= rows; done += 4) {
      const first = from + <usize>done * row;
      packFour(first, first + row, first + 2 * row, first + 3 * row, to + (<usize>done << 2), rows, k);
    }
    for (; done + 2 <= rows; done += 2) {
      const first = from + <usize>done * row;
      packTwo(first, first + row, to + (<usize>done << 2), rows, k);
    }
  }
  for (; done < rows; done++) packOne(from + <usize>done * row, column, to + (<usize>done << 2), rows, k);
}

/** A transposed matrix: what a step of `k` reads lies together already. */
function packAcross(from: usize, column: usize, to: usize, rows: i32, k: i32): void {
  const rest = rows & 3;
  const whole = <usize>(rows - rest) << 2;
  for (let p = 0; p < k; p++) {
    if (whole) v128.store(to, v128.load(from));
    let at = whole;
    if (rest & 2) {
      store<u64>(to + at, load<u64>(from + at));
      at += 8;
    }
    if (rest & 1) store<f32>(to + at, load<f32>(from + at));
    from += column;
    to += <usize>rows << 2;
  }
}

export function packOne(from: usize, column: usize, to: usize, step: i32, k: i32): void {
  for (let p = 0; p < k; p++) {
    store<f32>(to, load<f32>(from));
    from += column;
    to += <usize>step << 2;
  }
}

/** Two rows, four numbers of each at a time. */
export function packTwo(first: usize, second: usize, to: usize, step: i32, k: i32): void {
  const next = <usize>step << 2;
  const whole = k & ~3;
  for (let p = 0; p < whole; p += 4) {
    const a = v128.load(first);
    const b = v128.load(second);
    const low = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const high = i32x4.shuffle(a, b, 2, 6, 3, 7);
    v128.store64_lane(to, low, 0);
    v128.store64_lane(to + next, low, 1);
    v128.store64_lane(to + 2 * next, high, 0);
    v128.store64_lane(to + 3 * next, high, 1);
    first += 16;
    second += 16;
    to += 4 * next;
  }
  packOne(first, 4, to, step, k - whole);
  packOne(second, 4, to + 4, step, k - whole);
}

/** Four rows, four numbers of each at a time. */
export function packFour(
  first: usize, second: usize, third: usize, fourth: usize, to: usize, step: i32, k: i32,
): void {
  const next = <usize>step << 2;
  const whole = k & ~3;
  for (let p = 0; p < whole; p += 4) {
    const a = v128.load(first);
    const b = v128.load(second);
    const c = v128.load(third);
    const d = v128.load(fourth);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const ab2 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
    v128.store(to + next, i64x2.shuffle(ab, cd, 1, 3));
    v128.store(to + 2 * next, i64x2.shuffle(ab2, cd2, 0, 2));
    v128.store(to + 3 * next, i64x2.shuffle(ab2, cd2, 1, 3));
    first += 16;
    second += 16;
    third += 16;
    fourth += 16;
    to += 4 * next;
  }
  packOne(first, 4, to, step, k - whole);
  packOne(second, 4, to + 4, step, k - whole);
  packOne(third, 4, to + 8, step, k - whole);
  packOne(fourth, 4, to + 12, step, k - whole);
}
