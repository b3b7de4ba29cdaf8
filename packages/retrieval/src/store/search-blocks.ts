import { dequantize, type Embeddings, inverseNorms, TopK } from '@diptych/core';
import type { Predicate } from '../compile-filter.ts';
import { dotFloat32 } from '../kernels/dot-float32.ts';
import { scoresOf } from '../scores.ts';
import type { Metadata } from '../metadata.ts';
import type { StoreHit } from '../store.ts';
import type { Block } from './row-storage.ts';

export interface SearchBlocksOptions {
  readonly k: number;
  readonly passes?: Predicate | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Exact search of blocks as they come; what is kept is what was once among the best. */
export async function searchBlocks(
  blocks: AsyncIterable<Block> | Iterable<Block>,
  queries: Embeddings,
  { k, passes, signal }: SearchBlocksOptions,
): Promise<StoreHit[][]> {
  const best = Array.from({ length: queries.shape[0] }, () => new TopK(k));
  const known = new Map<number, { readonly id: string; readonly metadata: Metadata }>();
  let before = 0;
  for await (const { ids, metadata, rows } of blocks) {
    signal?.throwIfAborted();
    const count = ids.length;
    const out = new Float64Array(best.length * count);
    const floats = rows.precision === 'float32' ? (rows as Embeddings) : dequantize(rows);
    dotFloat32(floats)(queries)(0, count, out);
    inverseNorms(floats).forEach((weight, i) => {
      if (passes && !passes(metadata[i]!)) return;
      best.forEach((top, q) => {
        const score = out[q * count + i]! * weight;
        if (!top.accepts(score)) return;
        top.add(before + i, score);
        known.set(before + i, { id: ids[i]!, metadata: { ...metadata[i] } });
      });
    });
    before += count;
  }
  return scoresOf('cosine', queries, best).map((hits) => hits.map(({ row, score }) => ({ ...known.get(row)!, score })));
}
