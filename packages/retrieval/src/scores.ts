import { type Embeddings, type Hit, inverseNorms, type TopK } from '@diptych/core';

/** How rows are compared. */
export type Metric = 'cosine' | 'dot';

/** What was found, in the metric: until here the length of the query, which changes no order, was left out. */
export function scoresOf(metric: Metric, queries: Embeddings, best: readonly TopK[]): Hit[][] {
  if (metric === 'dot') return best.map((top) => top.hits());
  const weights = inverseNorms(queries);
  const cosine = (score: number, q: number) => Math.min(1, Math.max(-1, score * weights[q]!));
  return best.map((top, q) => top.hits().map(({ row, score }) => ({ row, score: cosine(score, q) })));
}
