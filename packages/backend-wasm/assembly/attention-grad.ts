import { NONE } from './activations';
import { FLOAT32 } from './format';
import { gemm, scratchBytes as gemmScratchBytes } from './gemm';
import { loadFirst, storeFirst, sum } from './lanes';
import { madd } from './madd';
import { pack, packedBytes } from './pack-columns';
import { softmax } from './softmax';

/** Room for one packed factor of one head, its weights, their gradients, and a product. */
export function scratchBytes(length: i32, size: i32): usize {
  return factorBytes(length, size) + ((<usize>length * <usize>length) << 3) + gemmScratchBytes();
}

// @ts-ignore: decorator
@inline export function factorBytes(length: i32, size: i32): usize {
  return max(packedBytes(size, length), packedBytes(length, size));
}

/**
 * Gradients of `attentionHeads` with respect to queries, keys and values, from that of its result; for self-attention, where
 * queries, keys and values are in rows of one layout, and so are their gradients.
 *
 * The weights `p` are computed again. `dv = pᵀ dy`; `dp = dy vᵀ`; `ds = p (dp - rowsum(p dp))`, which is what the mask
 * gets, `[n, heads, length, length]`, unless `dScores` is 0; `dq = ds k / √size`; `dk = dsᵀ q / √size`.
 *
 * Of the heads of all items, one after another, those from `from` to before `end`.
 */
export function attentionGradHeads(
  q: usize, k: usize, v: usize, row: usize, dy: usize, dq: usize, dk: usize, dv: usize,
  heads: i32, length: i32, size: i32,
  mask: usize, maskItem: usize, maskHead: usize, maskQuery: usize, dScores: usize, scratch: usize, from: i32, end: i32,
): void {
  const packed = scratch;
  const square = (<usize>length * <usize>length) << 2;
  const p = packed + factorBytes(length, size);
  const room = p + 2 * square;
  const scale: f32 = 1 / sqrt(<f32>size);
  const pRow = <usize>length << 2;
  const dyRow = (<usize>heads * <usize>size) << 2;
  for (let at = from; at < end; at++) {
    const item = <usize>(at / heads);
    const head = <usize>(at % heads);
    const skip = (head * <usize>size) << 2;
    const own = item * <usize>length * row + skip;
    const dp = dScores ? dScores + <usize>at * square : p + square;
    const dyOwn = dy + item * <usize>length * dyRow + skip;
    pack(k + own, 4, row, packed, size, length);
    gemm(FLOAT32, q + own, row, 4, packed, p, pRow, length, size, length, 0, 0, NONE, 0, room);
    const maskAt = mask ? mask + item * maskItem + head * maskHead : 0;
    softmax(p, p, length, length, pRow, scale, maskAt, mask ? maskQuery : 0);
    pack(dyOwn, dyRow, 4, packed, length, size);
    gemm(FLOAT32, p, 4, pRow, packed, dv + own, row, length, length, size, 0, 0, NONE, 0, room);
    pack(v + own, 4, row, packed, size, length);
    gemm(FLOAT32, dyOwn, dyRow, 4, packed, dp, pRow, length, size, length, 0, 0, NONE, 0, room);
    softmaxGrad(p, dp, length);
    pack(k + own, row, 4, packed, length, size);
    gemm(FLOAT32, dp, pRow, 4, packed, dq + own, row, length, length, size, 0, 0, NONE, 0, room);
    scaleRows(dq + own, row, length, size, scale);
    pack(q + own, row, 4, packed, length, size);
    gemm(FLOAT32, dp, 4, pRow, packed, dk + own, row, length, length, size, 0, 0, NONE, 0, room);
    scaleRows(dk + own, row, length, size, scale);
  }
}

/** `dp = p (dp - rowsum(p dp))`, in place. */
function softmaxGrad(p: usize, dp: usize, length: i32): void {
  const zero = f32x4.splat(0);
  for (let row = 0; row < length; row++) {
    let along = zero;
    for (let i = 0; i < length; i += 4) {
      const at = <usize>i << 2;
      along = madd(loadFirst(p + at, length - i, zero), loadFirst(dp + at, length - i, zero), along);
    }
    const total = f32x4.splat(sum(along));
    for (let i = 0; i < length; i += 4) {
      const at = <usize>i << 2;
      const weight = loadFirst(p + at, length - i, zero);
      storeFirst(dp + at, length - i, f32x4.mul(weight, f32x4.sub(loadFirst(dp + at, length - i, zero), total)));
    }
    p += <usize>length << 2;
    dp += <usize>length << 2;
  }
}

function scaleRows(at: usize, row: usize, rows: i32, width: i32, scale: f32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j += 4) {
      const to = at + (<usize>j << 2);
      const x = loadFirst(to, width - j, f32x4.splat(0));
      storeFirst(to, width - j, f32x4.mul(x, f32x4.splat(scale)));
    }
    at += row;
  }
}
