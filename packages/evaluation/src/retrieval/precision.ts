import { hits, type Ranking, relevantCount } from './ranking.ts';

/** Relevant documents among the first `k`, over `k`, even where fewer were retrieved. */
export function precisionAt(ranking: Ranking, k: number): number {
  return count(hits(ranking, k)) / (k === Infinity ? ranking.retrieved.length : k);
}

/** Relevant documents among the first `k`, over all that are relevant. */
export function recallAt(ranking: Ranking, k: number): number {
  return count(hits(ranking, k)) / relevantCount(ranking);
}

/** 1 when a relevant document is among the first `k`, else 0. */
export function hitAt(ranking: Ranking, k: number): number {
  return hits(ranking, k).includes(1) ? 1 : 0;
}

/** Precision at as many documents as are relevant. */
export function rPrecision(ranking: Ranking): number {
  return precisionAt(ranking, relevantCount(ranking));
}

function count(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
