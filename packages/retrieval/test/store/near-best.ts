import type { Embeddings } from '@diptych/core';
import { expect } from 'vitest';
import { exactSearch, type StoreHit } from '../../src/index.ts';

/** Of rows that are named by their place, as `names` does. */
type Best = readonly (readonly { readonly id: string; readonly score: number }[])[];

export function bestOf(base: Embeddings, queries: Embeddings, k: number): Best {
  return exactSearch(base)(queries, k).map((hits) => hits.map(({ row, score }) => ({ id: `row ${row}`, score })));
}

/** As many as there are, best first, with exact scores, and said to be of an index; `least` of the best are among them. */
export function expectNear(found: readonly StoreHit[][], best: Best, least: number): void {
  const scores = best.map((hits) => new Map(hits.map(({ id, score }) => [id, score])));
  let there = 0;
  found.forEach((hits, q) => {
    expect(hits).toHaveLength(best[q]!.length);
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
    for (const hit of hits) {
      expect(hit.exact).toBe(false);
      const score = scores[q]!.get(hit.id);
      if (score === undefined) continue;
      expect(hit.score).toBeCloseTo(score, 6);
      there++;
    }
  });
  expect(there / best.flat().length).toBeGreaterThanOrEqual(least);
}
