import type { Embeddings } from '@diptych/core';
import type { Hit } from '../src/index.ts';

/** The definition: all scores, sorted. */
export function naiveSearch(
  base: Embeddings,
  queries: Embeddings,
  k: number,
  metric: 'cosine' | 'dot' = 'cosine',
): Hit[][] {
  const [n, dim] = base.shape;
  const row = ({ data }: Embeddings, i: number) => [...data.subarray(i * dim, (i + 1) * dim)];
  const dot = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  const score = (a: number[], b: number[]) => {
    const length = metric === 'dot' ? 1 : Math.sqrt(dot(a, a) * dot(b, b));
    return length === 0 ? 0 : dot(a, b) / length;
  };
  return Array.from({ length: queries.shape[0] }, (_, q) => {
    const all = Array.from({ length: n }, (__, i) => ({ row: i, score: score(row(queries, q), row(base, i)) }));
    return all.toSorted((a, b) => b.score - a.score || a.row - b.row).slice(0, k);
  });
}

/** Share of the hits wanted that were found, over all queries. */
export function recall(found: readonly (readonly Hit[])[], wanted: readonly (readonly Hit[])[]): number {
  const rate = wanted.map((hits, q) => {
    const there = new Set(found[q]!.map(({ row }) => row));
    return hits.filter(({ row }) => there.has(row)).length / hits.length;
  });
  return rate.reduce((sum, r) => sum + r, 0) / rate.length;
}
