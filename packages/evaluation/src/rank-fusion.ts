import { EmbeddingError } from '@diptych/core';

/** One document and its fused score. */
export interface Fused<Id> {
  readonly id: Id;
  readonly score: number;
}

/**
 * Reciprocal rank fusion, Cormack et al. 2009: a document scores the sum of `1 / (k + rank)` over the lists that have it,
 * ranks from 1. Best first, of equals the lower id first.
 *
 * @param lists Best first, no document twice in one.
 * @param k Default 60, as in the paper.
 * @throws {EmbeddingError} `INPUT_INVALID` when a list repeats a document.
 */
export function reciprocalRankFusion<Id extends string | number>(
  lists: readonly Iterable<Id>[],
  k = 60,
): readonly Fused<Id>[] {
  const scores = new Map<Id, number>();
  for (const list of lists) {
    const seen = new Set<Id>();
    for (const id of list) {
      if (seen.has(id))
        throw new EmbeddingError('INPUT_INVALID', `rank fusion: expected ${id} once in a list, got twice`);
      seen.add(id);
      scores.set(id, (scores.get(id) ?? 0) + 1 / (k + seen.size));
    }
  }
  return [...scores]
    .map(([id, score]) => ({ id, score }))
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
