import { type SearchProducts, TopK } from '@diptych/core';

/** Rows of one pass over all queries: they stay in the cache. A single query reads each row once in any case. */
const rowsPerBlock = 128;
const rowsForOne = 1024;

export interface ScanOptions {
  readonly k: number;
  /** Factor of each row's product; 1 without it. */
  readonly weights?: Float64Array | undefined;
  readonly allow?: ((row: number) => boolean) | undefined;
}

/** The best `k` of `n` rows by `product * weight`, for each of `queries` queries. */
export function scan(products: SearchProducts, n: number, queries: number, { k, weights, allow }: ScanOptions): TopK[] {
  const best = Array.from({ length: queries }, () => new TopK(k));
  const block = queries === 1 ? rowsForOne : rowsPerBlock;
  const out = new Float64Array(queries * block);
  for (let first = 0; first < n; first += block) {
    const count = Math.min(block, n - first);
    products(first, count, out);
    const factors = weights?.subarray(first);
    best.forEach((top, q) => offer(top, out.subarray(q * count, (q + 1) * count), { first, factors, allow }));
  }
  return best;
}

interface Block {
  readonly first: number;
  readonly factors: Float64Array | undefined;
  readonly allow: ScanOptions['allow'];
}

function offer(top: TopK, products: Float64Array, { first, factors, allow }: Block): void {
  let { least } = top;
  for (let i = 0; i < products.length; i++) {
    const score = factors ? products[i]! * factors[i]! : products[i]!;
    if (score > least && (!allow || allow(first + i))) {
      top.add(first + i, score);
      ({ least } = top);
    }
  }
}
