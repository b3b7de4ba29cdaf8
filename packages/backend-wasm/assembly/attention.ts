import { NONE } from './activation';
import { FLOAT32 } from './format';
import { gemm, scratchBytes as gemmScratchBytes } from './gemm';
import { pack, packedBytes } from './pack-columns';
import { softmax } from './softmax';

/** Room for the packed keys or values of one head, its scores, and a product. */
export function scratchBytes(queries: i32, keys: i32, size: i32): usize {
  return keysBytes(keys, size) + ((<usize>queries * <usize>keys) << 2) + gemmScratchBytes();
}

export function keysBytes(keys: i32, size: i32): usize {
  return max(packedBytes(size, keys), packedBytes(keys, size));
}

/**
 * `softmax(q kᵀ / √size + mask) v`, of the heads of all items, one after another, for those from `from` to before `end`.
 *
 * Rows of `q` `[n, queries, heads, size]` lie `qRow` bytes apart, those of `k` and `v` `[n, keys, heads, size]` `kRow`;
 * `to` is `[n, queries, heads * size]`. The mask is added to the scores; its steps are in bytes, 0 where it is the same
 * for all items, heads or queries, and the mask itself is 0 where there is none.
 */
export function attentionHeads(
  q: usize, qRow: usize, k: usize, v: usize, kRow: usize, to: usize,
  heads: i32, queries: i32, keys: i32, size: i32,
  mask: usize, maskItem: usize, maskHead: usize, maskQuery: usize, scratch: usize, from: i32, end: i32,
): void {
  const packed = scratch;
  const scores = packed + keysBytes(keys, size);
  const room = scores + ((<usize>queries * <usize>keys) << 2);
  const scale: f32 = 1 / sqrt(<f32>size);
  const scoreRow = <usize>keys << 2;
  const headStep = <usize>size << 2;
  const toRow = <usize>heads * headStep;
  for (let at = from; at < end; at++) {
    const item = <usize>(at / heads);
    const head = <usize>(at % heads);
    const skip = head * headStep;
    const query = q + item * <usize>queries * qRow + skip;
    const keyRows = item * <usize>keys * kRow + skip;
    const result = to + item * <usize>queries * toRow + skip;
    pack(k + keyRows, 4, kRow, packed, size, keys);
    gemm(FLOAT32, query, qRow, 4, packed, scores, scoreRow, queries, size, keys, 0, NONE, 0, room);
    const maskAt = mask ? mask + item * maskItem + head * maskHead : 0;
    softmax(scores, scores, queries, keys, scoreRow, scale, maskAt, mask ? maskQuery : 0);
    pack(v + keyRows, kRow, 4, packed, keys, size);
    gemm(FLOAT32, scores, scoreRow, 4, packed, result, toRow, queries, keys, size, 0, NONE, 0, room);
  }
}
