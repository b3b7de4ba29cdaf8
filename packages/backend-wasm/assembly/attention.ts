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
 * `softmax(q kᵀ / √size + mask) v` for each of `n` items and each head.
 *
 * Rows of `q` `[n, queries, heads, size]` lie `qRow` bytes apart, those of `k` and `v` `[n, keys, heads, size]` `kRow`;
 * `to` is `[n, queries, heads * size]`. The mask is added to the scores; its steps are in bytes, 0 where it is the same
 * for all items, heads or queries, and the mask itself is 0 where there is none.
 */
export function attention(
  q: usize, qRow: usize, k: usize, v: usize, kRow: usize, to: usize,
  n: i32, heads: i32, queries: i32, keys: i32, size: i32,
  mask: usize, maskItem: usize, maskHead: usize, maskQuery: usize, scratch: usize,
): void {
  const packed = scratch;
  const scores = packed + keysBytes(keys, size);
  const room = scores + ((<usize>queries * <usize>keys) << 2);
  const scale: f32 = 1 / sqrt(<f32>size);
  const scoreRow = <usize>keys << 2;
  const headStep = <usize>size << 2;
  const toRow = <usize>heads * headStep;
  for (let item = 0; item < n; item++) {
    for (let head = 0; head < heads; head++) {
      const skip = <usize>head * headStep;
      pack(k + skip, 4, kRow, packed, size, keys);
      gemm(FLOAT32, q + skip, qRow, 4, packed, scores, scoreRow, queries, size, keys, 0, NONE, 0, room);
      const maskAt = mask ? mask + <usize>item * maskItem + <usize>head * maskHead : 0;
      softmax(scores, scores, queries, keys, scoreRow, scale, maskAt, mask ? maskQuery : 0);
      pack(v + skip, kRow, 4, packed, keys, size);
      gemm(FLOAT32, scores, scoreRow, 4, packed, to + skip, toRow, queries, keys, size, 0, NONE, 0, room);
    }
    q += <usize>queries * qRow;
    k += <usize>keys * kRow;
    v += <usize>keys * kRow;
    to += <usize>queries * toRow;
  }
}
