import { finish } from './epilogue';
import { chunksOf, COLUMNS, INNER, packedBytes } from './pack-columns';
import { packRows } from './pack-rows';
import { share } from './share';
import { ROWS, tile } from './tile';

/** Rows at once: their packed part of the left factor, 576 KiB, stays in the second cache. */
const BLOCK: i32 = 192;
/** Columns at once, so that each row of the result is written in whole cache lines: their panels are 192 KiB. */
const GROUP: i32 = 8 * COLUMNS;

/** Room that a product needs: packed rows of the left factor, and tiles that stick out to the right. */
export function scratchBytes(): usize {
  return <usize>BLOCK * (<usize>INNER * 4 + COLUMNS * 4);
}

// The product being computed, and where its current part lies. Kernels do not run inside one another.
let c: usize, ldc: usize, n: i32, bias: usize, kind: i32, residual: usize;
let packedRows: usize, ragged: usize, top: i32, rows: i32, size: i32, first: bool, last: bool;

/**
 * `c = activation(a · b + bias) + residual`.
 *
 * `a` is `[m, k]`; its numbers are `aRow` and `aColumn` bytes apart. `b` is `[k, n]` as `pack` lays it out. Rows of `c`
 * `[m, n]` and of `residual` are `cRow` bytes apart. `bias` `[n]` and `residual` are 0 where there is none. NaN and
 * infinities go through as in plain arithmetic. With `k` 0 the product is 0.
 *
 * Every sum runs over `k` in the same order wherever its tile lies, so a row's result does not depend on the others.
 */
export function gemm(
  a: usize, aRow: usize, aColumn: usize, b: usize, to: usize, cRow: usize,
  m: i32, k: i32, columns: i32, biasAt: usize, activation: i32, residualAt: usize, scratch: usize,
): void {
  c = to, ldc = cRow, n = columns, bias = biasAt, kind = activation, residual = residualAt;
  packedRows = scratch, ragged = scratch + <usize>BLOCK * (<usize>INNER * 4);
  const blocks = (m + BLOCK - 1) / BLOCK;
  const chunks = max(1, chunksOf(k));
  for (let block = 0; block < blocks; block++) {
    top = share(block, blocks, m);
    rows = share(block + 1, blocks, m) - top;
    let panels = b;
    for (let chunk = 0; chunk < chunks; chunk++) {
      const begin = share(chunk, chunks, k);
      size = share(chunk + 1, chunks, k) - begin;
      first = chunk == 0, last = chunk + 1 == chunks;
      packBlock(a + <usize>top * aRow + <usize>begin * aColumn, aRow, aColumn);
      for (let left = 0; left < n; left += GROUP) multiplyGroup(panels, left);
      panels += packedBytes(size, n);
    }
  }
}

function packBlock(a: usize, aRow: usize, aColumn: usize): void {
  const tiles = (rows + ROWS - 1) / ROWS;
  let to = packedRows;
  for (let t = 0; t < tiles; t++) {
    const height = heightOf(t, tiles);
    packRows(a, aRow, aColumn, to, height, size);
    a += <usize>height * aRow;
    to += (<usize>height * <usize>size) << 2;
  }
}

/** A block of rows in tiles of about equal height, the higher ones first: no tile is much too low. */
// @ts-ignore: decorator
@inline function heightOf(t: i32, tiles: i32): i32 {
  return rows / tiles + i32(t < rows % tiles);
}

/** The columns from `left` for all rows of the block: each tile's rows stay in the first cache for all panels. */
function multiplyGroup(panels: usize, left: i32): void {
  const tiles = (rows + ROWS - 1) / ROWS;
  const right = min(n, left + GROUP);
  let a = packedRows;
  let row = 0;
  for (let t = 0; t < tiles; t++) {
    const height = heightOf(t, tiles);
    for (let j = left; j < right; j += COLUMNS) {
      multiplyTile(height, a, panels + ((<usize>j * <usize>size) << 2), row, j);
    }
    a += (<usize>height * <usize>size) << 2;
    row += height;
  }
}

function multiplyTile(height: i32, a: usize, panel: usize, row: i32, j: i32): void {
  const offset = <usize>(top + row) * ldc + (<usize>j << 2);
  const whole = n - j >= COLUMNS;
  const sums = whole ? c + offset : ragged + (<usize>row << 5);
  const ldSums: usize = whole ? ldc : 32;
  tile(height, a, panel, size, sums, ldSums, !first);
  if (!last || (whole && !bias && !residual && !kind)) return;
  const biasAt = bias ? bias + (<usize>j << 2) : 0;
  finish(sums, ldSums, c + offset, ldc, height, n - j, biasAt, kind, residual ? residual + offset : 0);
}
