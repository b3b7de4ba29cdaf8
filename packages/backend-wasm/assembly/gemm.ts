import { finish } from './epilogue';
import { COLUMNS } from './pack-columns';
import { packRows } from './pack-rows';
import { ROWS, tile } from './tile';

/** Steps of the inner dimension at once: a panel of the right factor of this height stays in the first cache. */
const INNER: i32 = 768;
/** Rows at once: their packed part of the left factor stays in the second cache. */
const BLOCK: i32 = 96;

/** Room that a product needs: packed rows of the left factor, and tiles that stick out to the right. */
export function scratchBytes(): usize {
  return <usize>BLOCK * (<usize>INNER * 4 + COLUMNS * 4);
}

/**
 * `c = activation(a · b + bias) + residual`.
 *
 * `a` is `[m, k]`; its numbers are `aRow` and `aColumn` bytes apart. `b` is `[k, n]` as `pack` lays it out. Rows of `c`
 * `[m, n]` and of `residual` are `ldc` bytes apart. `bias` `[n]` and `residual` are 0 where there is none. NaN and
 * infinities go through as in plain arithmetic. With `k` 0 the product is 0.
 *
 * Every sum runs over `k` in the same order wherever its tile lies, so a row's result does not depend on the others.
 */
export function gemm(
  a: usize, aRow: usize, aColumn: usize, b: usize, c: usize, ldc: usize,
  m: i32, k: i32, n: i32, bias: usize, kind: i32, residual: usize, scratch: usize,
): void {
  const blocks = (m + BLOCK - 1) / BLOCK;
  const chunks = max(1, (k + INNER - 1) / INNER);
  const ragged = scratch + <usize>BLOCK * (<usize>INNER * 4);
  for (let block = 0; block < blocks; block++) {
    const top = share(block, blocks, m);
    const rows = share(block + 1, blocks, m) - top;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const begin = share(chunk, chunks, k);
      const size = share(chunk + 1, chunks, k) - begin;
      packBlock(a + <usize>top * aRow + <usize>begin * aColumn, aRow, aColumn, scratch, rows, size);
      const last = chunk + 1 == chunks;
      for (let j = 0; j < n; j += COLUMNS) {
        const panel = b + (<usize>j * <usize>k + (<usize>begin << 3) << 2);
        const target = c + <usize>top * ldc + (<usize>j << 2);
        const whole = n - j >= COLUMNS;
        const sums = whole ? target : ragged;
        const ldSums = whole ? ldc : 32;
        multiplyBlock(scratch, panel, size, sums, ldSums, rows, chunk > 0);
        if (!last || (whole && !bias && !residual && !kind)) continue;
        const biasAt = bias ? bias + (<usize>j << 2) : 0;
        const residualAt = residual ? residual + (target - c) : 0;
        finish(sums, ldSums, target, ldc, rows, n - j, biasAt, kind, residualAt);
      }
    }
  }
}

/** The first of `size` things that part `i` of `parts` about equal ones takes. */
// @ts-ignore: decorator
@inline export function share(i: i32, parts: i32, size: i32): i32 {
  return <i32>((<i64>i * size) / parts);
}

function packBlock(a: usize, aRow: usize, aColumn: usize, to: usize, rows: i32, k: i32): void {
  const tiles = (rows + ROWS - 1) / ROWS;
  for (let t = 0; t < tiles; t++) {
    const top = share(t, tiles, rows);
    const height = share(t + 1, tiles, rows) - top;
    packRows(a + <usize>top * aRow, aRow, aColumn, to + ((<usize>top * <usize>k) << 2), height, k);
  }
}

/** One panel of eight columns for all rows of a block. */
function multiplyBlock(a: usize, b: usize, k: i32, c: usize, ldc: usize, rows: i32, add: bool): void {
  const tiles = (rows + ROWS - 1) / ROWS;
  for (let t = 0; t < tiles; t++) {
    const top = share(t, tiles, rows);
    const height = share(t + 1, tiles, rows) - top;
    tile(height, a + ((<usize>top * <usize>k) << 2), b, k, c + <usize>top * ldc, ldc, add);
  }
}
