import type { Embeddings } from '@diptych/core';
import type { EmbeddingSpace } from 'diptych';

/** Rows of one thing each, with what each is called. */
export interface Named {
  readonly names: readonly string[];
  readonly rows: Embeddings;
}

export interface Hit {
  readonly name: string;
  /** In `[-1, 1]`. */
  readonly cosine: number;
}

/** For each query the `count` nearest, best first. */
export function nearest(space: EmbeddingSpace, queries: Embeddings, { names, rows }: Named, count: number): Hit[][] {
  const cosines = space.similarity(queries, rows);
  return Array.from({ length: queries.shape[0] }, (_, query) => {
    const own = cosines.subarray(query * names.length, (query + 1) * names.length);
    const hits = names.map((name, i) => ({ name, cosine: own[i]! }));
    return hits.toSorted((a, b) => b.cosine - a.cosine).slice(0, count);
  });
}
