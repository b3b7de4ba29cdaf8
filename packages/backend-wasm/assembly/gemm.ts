import { activate } from './activations';
import { COLUMNS } from './columns';
import { dequantize } from './dequantize';
import { describeRows, ROW_BYTES } from './describe-rows';
import { finish } from './epilogue';
import { FLOAT32, INT8, innerSteps, stepsOf } from './format';
import { MOST_OUTLIERS } from './outliers';
import { packedBytes } from './pack-columns';
import { packRows } from './pack-rows';
import { describePlaces, packPlaces } from './places';
import { columnBytes, panelBytes } from './quantized';
import { quantizeRows } from './quantize-rows';
import { addTo } from './runs';
import { share } from './share';
import { ROWS, tile } from './tile';
import { INT_ROWS, intTile, rowsAtOnce } from './tile-int';

/** Rows at once: their packed part of the left factor, up to 576 KiB, stays in the second cache. */
const BLOCK: i32 = 192;
/** Columns at once, so that each row of the result is written in whole cache lines: their panels are 192 KiB. */
const GROUP: i32 = 8 * COLUMNS;
/** Largest number of steps at once. */
const INNER: i32 = 768;

/**
 * Room that a product needs: packed rows, tiles that stick out to the right, what is known of the rows and their
 * outliers, one tile of integers.
 */
export function scratchBytes(): usize {
  return <usize>BLOCK * (<usize>INNER * 4 + COLUMNS * 4 + ROW_BYTES + (<usize>MOST_OUTLIERS << 3)) + <usize>INT_ROWS * 32;
}

// The product being computed, and where its current part lies. Kernels do not run inside one another.
let format: i32, c: usize, ldc: usize, n: i32, scale: usize, bias: usize, kind: i32, residual: usize;
let firstColumn: i32, endColumn: i32;
let inner: i32, columnScales: usize, columnSums: usize, factors: usize;
let packedRows: usize, ragged: usize, described: usize, lists: usize, integers: usize;
let top: i32, rows: i32, begin: i32, size: i32, first: bool, last: bool, tiles: i32;

/**
 * `c = activation(a · b · scale + bias) + residual`.
 *
 * `a` is `[m, k]`; its numbers are `aRow` and `aColumn` bytes apart. `b` is `[k, n]` as `pack` lays it out, or
 * `quantizeColumns` where `numbers` is an integer format; `aColumn` is 4 then. Where it is 0, `a` are places, whose rows are packed
 * from the images that they lie in, in numbers or codes as the product's. Rows of `c` `[m, n]` and of `residual`
 * are `cRow` bytes apart. `scale` `[n]`, `bias` `[n]`
 * and `residual` are 0 where there is none. With `k` 0 the product is 0.
 *
 * In float32, NaN and infinities go through as in plain arithmetic; with integers, they make their whole row NaN. Every
 * sum runs over `k` in the same order wherever its tile lies, so a row's result does not depend on the others.
 */
export function gemm(
  numbers: i32, a: usize, aRow: usize, aColumn: usize, b: usize, to: usize, cRow: usize,
  m: i32, k: i32, columns: i32, scaleAt: usize, biasAt: usize, activation: i32, residualAt: usize, scratch: usize,
): void {
  gemmColumns(
    numbers, a, aRow, aColumn, b, to, cRow, m, k, columns, scaleAt, biasAt, activation, residualAt, scratch, 0,
    columns,
  );
}

/** The same for the columns from `from`, a multiple of eight, to before `end`. */
export function gemmColumns(
  numbers: i32, a: usize, aRow: usize, aColumn: usize, b: usize, to: usize, cRow: usize,
  m: i32, k: i32, columns: i32, scaleAt: usize, biasAt: usize, activation: i32, residualAt: usize, scratch: usize,
  from: i32, end: i32,
): void {
  firstColumn = from, endColumn = end;
  format = numbers, inner = k, c = to, ldc = cRow, n = columns, scale = scaleAt, bias = biasAt, residual = residualAt;
  kind = activation;
  columnScales = b + panelBytes(k, n, format);
  columnSums = columnScales + columnBytes(n), factors = columnSums + columnBytes(n);
  if (format != INT8) columnSums = 0;
  packedRows = scratch, ragged = packedRows + <usize>BLOCK * (<usize>INNER * 4);
  described = ragged + <usize>BLOCK * 32, lists = described + <usize>BLOCK * ROW_BYTES;
  integers = lists + <usize>BLOCK * (<usize>MOST_OUTLIERS << 3);
  const steps = stepsOf(k, format);
  const blocks = (m + BLOCK - 1) / BLOCK;
  const chunks = max(1, (steps + innerSteps(format) - 1) / innerSteps(format));
  for (let block = 0; block < blocks; block++) {
    top = share(block, blocks, m);
    rows = share(block + 1, blocks, m) - top;
    const height = format == FLOAT32 ? ROWS : rowsAtOnce(format);
    tiles = (rows + height - 1) / height;
    const rowsAt = a + <usize>top * aRow;
    if (format != FLOAT32 && !aColumn) describePlaces(rowsAt, rows, described);
    else if (format != FLOAT32) describeRows(rowsAt, aRow, factors, rows, k, described, lists, format);
    let panels = b;
    for (let chunk = 0; chunk < chunks; chunk++) {
      begin = share(chunk, chunks, steps);
      size = share(chunk + 1, chunks, steps) - begin;
      first = chunk == 0, last = chunk + 1 == chunks;
      begin <<= format;
      packBlock(rowsAt, aRow, aColumn);
      for (let left = firstColumn; left < endColumn; left += GROUP) multiplyGroup(panels, left);
      panels += packedBytes(size, n);
    }
  }
}

function packBlock(a: usize, aRow: usize, aColumn: usize): void {
  let to = packedRows;
  let row = described;
  for (let t = 0; t < tiles; t++) {
    const height = heightOf(t);
    if (!aColumn) packPlaces(a, to, height, begin >> format, size);
    else if (format == FLOAT32) packRows(a + <usize>begin * aColumn, aRow, aColumn, to, height, size);
    else quantizeRows(a, aRow, factors, row, to, height, begin, inner, size, format);
    a += <usize>height * aRow;
    to += (<usize>height * <usize>size) << 2;
    row += <usize>height * ROW_BYTES;
  }
}

/** A block of rows in tiles of about equal height, the higher ones first: no tile is much too low. */
// @ts-ignore: decorator
@inline export function heightOf(t: i32): i32 {
  return rows / tiles + i32(t < rows % tiles);
}

/** The columns from `left` for all rows of the block: each tile's rows stay in the first cache for all panels. */
function multiplyGroup(panels: usize, left: i32): void {
  const right = min(endColumn, left + GROUP);
  let a = packedRows;
  let row = 0;
  for (let t = 0; t < tiles; t++) {
    const height = heightOf(t);
    for (let j = left; j < right; j += COLUMNS) {
      multiplyTile(height, a, panels + ((<usize>j * <usize>size) << 2), row, j);
    }
    if (last && kind) endRows(row, height, left, min(right, n & ~(COLUMNS - 1)));
    a += (<usize>height * <usize>size) << 2;
    row += height;
  }
}

function multiplyTile(height: i32, a: usize, panel: usize, row: i32, j: i32): void {
  const offset = offsetOf(row, j);
  const whole = n - j >= COLUMNS;
  const sums = whole ? c + offset : ragged + (<usize>row << 5);
  const ldSums: usize = whole ? ldc : 32;
  const column = <usize>j << 2;
  const ends = last && whole;
  const scaleAt = ends && scale ? scale + column : 0;
  const biasAt = ends && bias ? bias + column : 0;
  const residualAt = ends && residual && !kind ? residual + offset : 0;
  if (format == FLOAT32) tile(height, a, panel, size, sums, ldSums, !first, biasAt, residualAt, scaleAt);
  else {
    intTile(height, a, panel, size, integers, format);
    const columnSum = first && columnSums ? columnSums + column : 0;
    const at = described + <usize>row * ROW_BYTES;
    dequantize(
      integers, height, at, columnScales + column, columnSum, sums, ldSums, !first, scaleAt, biasAt,
      residualAt, panel, begin, size, format,
    );
  }
  if (!last || whole) return;
  finish(sums, ldSums, c + offset, ldc, height, n - j, scale ? scale + column : 0, bias ? bias + column : 0, kind,
    residual ? residual + offset : 0);
}

/** The end of what whole tiles computed, where there is an activation: it comes before the residual. */
function endRows(row: i32, height: i32, left: i32, right: i32): void {
  for (let i = 0; i < height; i++) {
    const offset = offsetOf(row + i, left);
    activate(c + offset, c + offset, right - left, kind);
    if (residual) addTo(c + offset, residual + offset, right - left);
  }
}

/** Bytes to a number of the result, whose row counts from the block's first. */
// @ts-ignore: decorator
@inline export function offsetOf(row: i32, column: i32): usize {
  return <usize>(top + row) * ldc + (<usize>column << 2);
}
