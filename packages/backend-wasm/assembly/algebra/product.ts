import { share } from '../share';
import { COLUMNS, ROWS, tile } from './tile';

/** Rows at once: their packed part of the left factor, 192 KiB, stays in the second cache. */
const BLOCK: i32 = 96;
/** Steps at once: one panel of the right factor is 8 KiB, which stays in the first cache. */
const INNER: i32 = 256;
const TILE_BYTES: usize = 6 * 4 * 8;

/** What a product does with what is there; 1 adds to it. */
const SET: i32 = 0;
const SUBTRACT: i32 = 2;

/** Room that a product with `n` columns needs. */
export function productBytes(n: i32): usize {
  return <usize>BLOCK * INNER * 8 + TILE_BYTES + <usize>panelsOf(n) * COLUMNS * INNER * 8;
}

/**
 * `c = a · b` in double precision, or added to or subtracted from `c`. `a` is `[m, k]` and `b` `[k, n]`, whose numbers are
 * `aRow` and `aColumn`, `bRow` and `bColumn` bytes apart; rows of `c` are `cRow` bytes apart. Of row `i` of `c`, what lies
 * after column `i + beside` may stay as it is. Every sum runs over `k` in the same order, wherever its tile lies.
 */
export function product(
  how: i32, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize,
  m: i32, k: i32, n: i32, beside: i32, scratch: usize,
): void {
  const ragged = scratch + <usize>BLOCK * INNER * 8;
  const panels = ragged + TILE_BYTES;
  const chunks = max(1, (k + INNER - 1) / INNER);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const begin = share(chunk, chunks, k);
    const size = share(chunk + 1, chunks, k) - begin;
    packPanels(b + <usize>begin * bRow, bRow, bColumn, panels, size, n);
    const blocks = (m + BLOCK - 1) / BLOCK;
    for (let block = 0; block < blocks; block++) {
      const top = share(block, blocks, m);
      const rows = share(block + 1, blocks, m) - top;
      packRows(a + <usize>top * aRow + <usize>begin * aColumn, aRow, aColumn, scratch, rows, size, how == SUBTRACT);
      const end = min(n, top + rows + beside);
      const add = how != SET || chunk > 0;
      multiplyBlock(scratch, panels, size, c + <usize>top * cRow, cRow, rows, end, n, add, ragged);
    }
  }
}

function panelsOf(n: i32): i32 {
  return (n + COLUMNS - 1) / COLUMNS;
}

/** `[size, n]` as panels of four columns, the last one filled with zeros. */
function packPanels(from: usize, row: usize, column: usize, to: usize, size: i32, n: i32): void {
  for (let j = 0; j < n; j += COLUMNS) {
    const count = min(COLUMNS, n - j);
    let at = from + <usize>j * column;
    for (let i = 0; i < size; i++) {
      for (let q = 0; q < COLUMNS; q++) store<f64>(to + (<usize>q << 3), q < count ? load<f64>(at + <usize>q * column) : 0);
      at += row;
      to += COLUMNS * 8;
    }
  }
}

/** Tiles of rows as `[size, rows of the tile]`. */
function packRows(from: usize, row: usize, column: usize, to: usize, rows: i32, size: i32, negative: bool): void {
  for (let i = 0; i < rows; i += ROWS) {
    const height = min(ROWS, rows - i);
    const tileAt = from + <usize>i * row;
    for (let p = 0; p < size; p++) {
      const at = tileAt + <usize>p * column;
      for (let q = 0; q < height; q++) {
        const value = load<f64>(at + <usize>q * row);
        store<f64>(to, negative ? -value : value);
        to += 8;
      }
    }
  }
}

/** Each panel for all rows of the block, whose last columns are those before `end`. */
function multiplyBlock(
  a: usize, panels: usize, size: i32, c: usize, cRow: usize, rows: i32, end: i32, n: i32, add: bool, ragged: usize,
): void {
  for (let j = 0; j < end; j += COLUMNS) {
    const panel = panels + ((<usize>j * <usize>size) << 3);
    for (let i = 0; i < rows; i += ROWS) {
      const height = min(ROWS, rows - i);
      const at = a + ((<usize>i * <usize>size) << 3);
      const to = c + <usize>i * cRow + (<usize>j << 3);
      if (n - j >= COLUMNS) tile(height, at, panel, size, to, cRow, add);
      else {
        tile(height, at, panel, size, ragged, COLUMNS * 8, false);
        copyTile(ragged, to, cRow, height, n - j, add);
      }
    }
  }
}

function copyTile(from: usize, to: usize, row: usize, rows: i32, columns: i32, add: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = to + (<usize>j << 3);
      store<f64>(at, load<f64>(from + (<usize>j << 3)) + (add ? load<f64>(at) : 0));
    }
    from += COLUMNS * 8;
    to += row;
  }
}
