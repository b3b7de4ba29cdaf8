import { checkSignal, dequantize, type Embeddings, inverseNorms, TopK } from '@diptych/core';
import type { Predicate } from '../compile-filter.ts';
import { dotFloat32 } from '../kernels/dot-float32.ts';
import { scoresOf } from '../scores.ts';
import type { StoreHit } from '../store.ts';
import type { Block } from './row-storage.ts';

export interface SearchBlocksOptions {
  readonly k: number;
  readonly passes?: Predicate | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Exact search of blocks as they come. */
export async function searchBlocks(
  blocks: AsyncIterable<Block> | Iterable<Block>,
  queries: Embeddings,
  { signal, ...options }: SearchBlocksOptions,
): Promise<StoreHit[][]> {
  const best = new BestRows(queries, options);
  for await (const block of blocks) {
    checkSignal(signal);
    best.add(block);
  }
  return best.hits();
}

/** For each query the best of the blocks that were added; what is kept is what was once among them. */
export class BestRows {
  readonly #queries: Embeddings;
  readonly #passes: Predicate | undefined;
  readonly #best: readonly TopK[];
  readonly #known = new Map<number, Omit<StoreHit, 'score'>>();
  #before = 0;

  constructor(queries: Embeddings, { k, passes }: SearchBlocksOptions) {
    this.#queries = queries;
    this.#passes = passes;
    this.#best = Array.from({ length: queries.shape[0] }, () => new TopK(k));
  }

  /** Whose rows are not needed afterwards. */
  add({ ids, metadata, rows }: Block): void {
    const [best, known, passes, before, count] = [this.#best, this.#known, this.#passes, this.#before, ids.length];
    const out = new Float64Array(best.length * count);
    const floats = rows.precision === 'float32' ? (rows as Embeddings) : dequantize(rows);
    dotFloat32(floats)(this.#queries)(0, count, out);
    inverseNorms(floats).forEach((weight, i) => {
      if (passes && !passes(metadata[i]!)) return;
      best.forEach((top, q) => {
        const score = out[q * count + i]! * weight;
        if (!top.accepts(score)) return;
        top.add(before + i, score);
        known.set(before + i, { id: ids[i]!, metadata: { ...metadata[i] } });
      });
    });
    this.#before += count;
  }

  hits(): StoreHit[][] {
    const found = scoresOf('cosine', this.#queries, this.#best);
    return found.map((hits) => hits.map(({ row, score }) => ({ ...this.#known.get(row)!, score })));
  }
}
