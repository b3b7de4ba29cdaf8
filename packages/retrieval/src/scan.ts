import type { Embeddings } from '@diptych/core';
import type { KernelPrecision, Products } from './kernel.ts';
import { TopK } from './top-k.ts';

/** Rows of one pass over all queries: they stay in the cache. */
const rowsPerBlock = 128;

export interface ScanOptions {
  readonly k: number;
  /** Factor of each row's product; 1 without it. */
  readonly weights?: Float64Array | undefined;
  readonly allow?: ((row: number) => boolean) | undefined;
}

/** The best `k` of `n` rows by `product * weight`, for each query. */
export function scan<P extends KernelPrecision>(
  products: Products<P>,
  n: number,
  queries: Embeddings<P>,
  { k, weights, allow }: ScanOptions,
): TopK[] {
  const best = Array.from({ length: queries.shape[0] }, () => new TopK(k));
  const out = new Float64Array(best.length * rowsPerBlock);
  for (let first = 0; first < n; first += rowsPerBlock) {
    const count = Math.min(rowsPerBlock, n - first);
    products(queries, first, count, out);
    best.forEach((top, q) => {
      for (let i = 0; i < count; i++) {
        const row = first + i;
        const score = out[q * count + i]! * (weights ? weights[row]! : 1);
        if (top.accepts(score) && (!allow || allow(row))) top.add(row, score);
      }
    });
  }
  return best;
}
