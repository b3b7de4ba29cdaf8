import { COLUMNS, roundUp } from './columns';
import { loadFirst, storeFirst } from './lanes';
import { packedBytes, packPanels } from './pack-columns';
import { packRows } from './pack-rows';
import { reachOf } from './reach';
import { share } from './share';
import { softmax } from './softmax';
import { ROWS, tile } from './tile';

/** Room for the packed keys and values of one head, and for one tile of queries: packed, their scores, one panel. */
export function scratchBytes(queries: i32, keys: i32, size: i32): usize {
  return packedBytes(size, keys) + packedBytes(keys, size) + tileBytes(max(size, keys)) + tileBytes(keys) + tileBytes(COLUMNS);
}

// @ts-ignore: decorator
@inline export function tileBytes(width: i32): usize {
  return (<usize>ROWS * <usize>roundUp(width)) << 2;
}

// The head being computed, and where its parts lie. Kernels do not run inside one another.
let keys: i32, size: i32, packedKeys: usize, packedValues: usize, packed: usize, scores: usize, ragged: usize;

/**
 * `softmax(q kᵀ / √size + mask) v`, of the heads of all items, one after another, for those from `from` to before `end`.
 *
 * Rows of `q` `[n, queries, heads, size]` lie `qRow` bytes apart, those of `k` and `v` `[n, keys, heads, size]` `kRow`;
 * `to` is `[n, queries, heads * size]`. The mask is added to the scores; its steps are in bytes, 0 where it is the same
 * for all items, heads or queries, and the mask itself is 0 where there is none. Keys that it hides at the end of all rows
 * of a tile are left out, see `reachOf`: NaN in them need not reach these rows.
 *
 * `starts` is 0, or where items of up to `queries` tokens begin that stand one after another, an int32 each, and where the
 * last ends: there are as many keys then, and rows of the mask are as long as for the longest.
 */
export function attentionHeads(
  q: usize, qRow: usize, k: usize, v: usize, kRow: usize, to: usize,
  heads: i32, queries: i32, keyCount: i32, headSize: i32,
  mask: usize, maskItem: usize, maskHead: usize, maskQuery: usize, starts: usize, scratch: usize, from: i32, end: i32,
): void {
  keys = keyCount, size = headSize;
  packedKeys = scratch, packedValues = packedKeys + packedBytes(size, keys);
  packed = packedValues + packedBytes(keys, size);
  scores = packed + tileBytes(max(size, keys)), ragged = scores + tileBytes(keys);
  const headStep = <usize>size << 2;
  const toRow = <usize>heads * headStep;
  for (let at = from; at < end; at++) {
    const item = <usize>(at / heads);
    const head = <usize>(at % heads);
    const skip = head * headStep;
    let first = item * <usize>queries, firstKey = item * <usize>keyCount;
    if (starts) {
      const start = starts + (item << 2);
      first = firstKey = load<u32>(start);
      queries = keys = load<i32>(start, 4) - <i32>first;
    }
    const tiles = (queries + ROWS - 1) / ROWS;
    const query = q + first * qRow + skip;
    const keyRows = firstKey * kRow + skip;
    const result = to + first * toRow + skip;
    const maskAt = mask ? mask + item * maskItem + head * maskHead : 0;
    packPanels(k + keyRows, 4, kRow, packedKeys, size, keys);
    packPanels(v + keyRows, kRow, 4, packedValues, keys, size);
    for (let t = 0; t < tiles; t++) {
      const row = share(t, tiles, queries);
      const rows = share(t + 1, tiles, queries) - row;
      const own = maskAt ? maskAt + <usize>row * maskQuery : 0;
      attendRows(query + <usize>row * qRow, qRow, result + <usize>row * toRow, toRow, rows, own, maskQuery);
    }
  }
}

/** A tile of queries: its scores never leave the first cache. */
function attendRows(q: usize, qRow: usize, to: usize, toRow: usize, rows: i32, mask: usize, maskQuery: usize): void {
  const reach = mask ? reachOf(mask, maskQuery, rows, keys) : keys;
  const scoreRow = <usize>roundUp(keys) << 2;
  packRows(q, qRow, 4, packed, rows, size);
  for (let j = 0; j < reach; j += COLUMNS) {
    tile(rows, packed, packedKeys + panelAt(j, size), size, scores + (<usize>j << 2), scoreRow, false, 0, 0);
  }
  softmax(scores, scores, rows, reach, scoreRow, 1 / sqrt(<f32>size), mask, mask ? maskQuery : 0);
  packRows(scores, scoreRow, 4, packed, rows, reach);
  for (let j = 0; j < size; j += COLUMNS) {
    const panel = packedValues + panelAt(j, keys);
    if (size - j >= COLUMNS) tile(rows, packed, panel, reach, to + (<usize>j << 2), toRow, false, 0, 0);
    else {
      tile(rows, packed, panel, reach, ragged, COLUMNS << 2, false, 0, 0);
      copyRagged(to + (<usize>j << 2), toRow, rows, size - j);
    }
  }
}

/** Bytes to the panel from column `j` on, of `k` steps. */
// @ts-ignore: decorator
@inline export function panelAt(j: i32, k: i32): usize {
  return (<usize>j * <usize>k) << 2;
}

function copyRagged(to: usize, toRow: usize, rows: i32, count: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < rows; i++) {
    const from = ragged + (<usize>i << 5);
    storeFirst(to, count, loadFirst(from, count, zero));
    storeFirst(to + 16, count - 4, loadFirst(from + 16, count - 4, zero));
    to += toRow;
  }
}
