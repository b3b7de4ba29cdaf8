import type { Embeddings, Hit } from '@diptych/core';

export interface SearchOptions {
  /** Rows for which it is false are passed over. Asked only of rows good enough to be found. */
  readonly allow?: ((row: number) => boolean) | undefined;
}

/**
 * For every query its best `k` rows, or all if there are fewer; best first, of equal scores the earlier row.
 *
 * Throws `EmbeddingError`: `SHAPE_MISMATCH` for another dimension, `INPUT_INVALID` for another model, a component that
 * is not finite, or a `k` that is not a positive integer.
 */
export type Searcher = (queries: Embeddings, k: number, options?: SearchOptions) => Hit[][];
