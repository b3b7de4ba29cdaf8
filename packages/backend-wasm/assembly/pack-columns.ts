import { COLUMNS } from './columns';
import { FLOAT32, innerSteps } from './format';
import { share } from './share';

/** Size of a packed matrix, whose columns are rounded up to whole panels. */
export function packedBytes(k: i32, n: i32): usize {
  return (<usize>((n + COLUMNS - 1) / COLUMNS) * <usize>k) << 5;
}

/**
 * The right factor `[k, n]` of a product in the order in which the product reads it: for each chunk of `k`, panels of
 * eight columns, the last one filled with zeros. Number `(i, j)` is read at `from + i * row + j * column`, in bytes, so
 * a transposed matrix packs as well.
 */
export function pack(from: usize, row: usize, column: usize, to: usize, k: i32, n: i32): void {
  const inner = innerSteps(FLOAT32);
  const chunks = (k + inner - 1) / inner;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const begin = share(chunk, chunks, k);
    const size = share(chunk + 1, chunks, k) - begin;
    packPanels(from + <usize>begin * row, row, column, to, size, n);
    to += packedBytes(size, n);
  }
}

/** The same in one chunk, however long. */
export function packPanels(from: usize, row: usize, column: usize, to: usize, k: i32, n: i32): void {
  for (let j = 0; j < n; j += COLUMNS) {
    const panel = from + <usize>j * column;
    const count = min(COLUMNS, n - j);
    if (count == COLUMNS && column == 4) packWhole(panel, row, to, k);
    else if (count == COLUMNS && row == 4) packTransposed(panel, column, to, k);
    else packAny(panel, row, column, to, k, count);
    to += <usize>k << 5;
  }
}

function packWhole(from: usize, row: usize, to: usize, k: i32): void {
  for (let i = 0; i < k; i++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    from += row;
    to += 32;
  }
}

/** Four steps of `k` at a time: each column is read four numbers at once, and a 4 by 4 square turned. */
function packTransposed(from: usize, column: usize, to: usize, k: i32): void {
  const whole = k & ~3;
  for (let i = 0; i < whole; i += 4) {
    turn(from, column, to);
    turn(from + 4 * column, column, to + 16);
    from += 16;
    to += 128;
  }
  packAny(from, 4, column, to, k - whole, COLUMNS);
}

function turn(from: usize, column: usize, to: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + column);
  const c = v128.load(from + 2 * column);
  const d = v128.load(from + 3 * column);
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const ab2 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(to, i64x2.shuffle(ab, cd, 1, 3), 32);
  v128.store(to, i64x2.shuffle(ab2, cd2, 0, 2), 64);
  v128.store(to, i64x2.shuffle(ab2, cd2, 1, 3), 96);
}

function packAny(from: usize, row: usize, column: usize, to: usize, k: i32, count: i32): void {
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < COLUMNS; j++) {
      store<f32>(to, j < count ? load<f32>(from + <usize>j * column) : 0);
      to += 4;
    }
    from += row;
  }
}
