import { attentionHeads, scratchBytes as headBytes } from './attention';
import { attentionGradHeads, scratchBytes as headGradBytes } from './attention-grad';
import { argument, forAll, partsOf, runParts, setArgument, threads } from './pool';
import { share } from './share';

/** Room for `attention`. */
export function attentionScratchBytes(queries: i32, keys: i32, size: i32): usize {
  return forAll(headBytes(queries, keys, size));
}

/** `attentionHeads` for `n` items by all threads, each head by one. */
export function attention(
  q: usize, qRow: usize, k: usize, v: usize, kRow: usize, to: usize,
  n: i32, heads: i32, queries: i32, keys: i32, size: i32,
  mask: usize, maskItem: usize, maskHead: usize, maskQuery: usize, starts: usize, scratch: usize,
): void {
  const all = n * heads;
  if (ASC_FEATURE_THREADS) {
    if (threads() > 1 && all > 1) {
      setArgument(0, q), setArgument(1, qRow), setArgument(2, k), setArgument(3, v), setArgument(4, kRow);
      setArgument(5, to), setArgument(6, heads), setArgument(7, queries), setArgument(8, keys), setArgument(9, size);
      setArgument(10, mask), setArgument(11, maskItem), setArgument(12, maskHead), setArgument(13, maskQuery);
      setArgument(14, all), setArgument(15, partsOf(all)), setArgument(16, starts);
      runParts(runAttentionPart, partsOf(all), scratch, headBytes(queries, keys, size));
      return;
    }
  }
  attentionHeads(
    q, qRow, k, v, kRow, to, heads, queries, keys, size, mask, maskItem, maskHead, maskQuery, starts, scratch, 0, all,
  );
}

function runAttentionPart(part: i32, scratch: usize): void {
  const all = <i32>argument(14);
  const parts = <i32>argument(15);
  attentionHeads(
    argument(0), argument(1), argument(2), argument(3), argument(4), argument(5),
    <i32>argument(6), <i32>argument(7), <i32>argument(8), <i32>argument(9),
    argument(10), argument(11), argument(12), argument(13), argument(16), scratch,
    share(part, parts, all), share(part + 1, parts, all),
  );
}

/** Room for `attentionGrad`. */
export function attentionGradScratchBytes(length: i32, size: i32): usize {
  return forAll(headGradBytes(length, size));
}

/** `attentionGradHeads` for `n` items by all threads, each head by one. */
export function attentionGrad(
  q: usize, k: usize, v: usize, row: usize, dy: usize, dq: usize, dk: usize, dv: usize,
  n: i32, heads: i32, length: i32, size: i32,
  mask: usize, maskItem: usize, maskHead: usize, maskQuery: usize, dScores: usize, scratch: usize,
): void {
  const all = n * heads;
  if (ASC_FEATURE_THREADS) {
    if (threads() > 1 && all > 1) {
      setArgument(0, q), setArgument(1, k), setArgument(2, v), setArgument(3, row), setArgument(4, dy);
      setArgument(5, dq), setArgument(6, dk), setArgument(7, dv), setArgument(8, heads), setArgument(9, length);
      setArgument(10, size), setArgument(11, mask), setArgument(12, maskItem), setArgument(13, maskHead);
      setArgument(14, maskQuery), setArgument(15, dScores), setArgument(16, all), setArgument(17, partsOf(all));
      runParts(runAttentionGradPart, partsOf(all), scratch, headGradBytes(length, size));
      return;
    }
  }
  attentionGradHeads(
    q, k, v, row, dy, dq, dk, dv, heads, length, size, mask, maskItem, maskHead, maskQuery, dScores, scratch, 0, all,
  );
}

function runAttentionGradPart(part: i32, scratch: usize): void {
  const all = <i32>argument(16);
  const parts = <i32>argument(17);
  attentionGradHeads(
    argument(0), argument(1), argument(2), argument(3), argument(4), argument(5), argument(6), argument(7),
    <i32>argument(8), <i32>argument(9), <i32>argument(10), argument(11), argument(12), argument(13), argument(14),
    argument(15), scratch, share(part, parts, all), share(part + 1, parts, all),
  );
}
