import { hits, type Ranking, relevantCount } from './ranking.ts';

/** One over the rank of the first relevant document, 0 where there is none among the first `k`. */
export function reciprocalRankAt(ranking: Ranking, k: number): number {
  relevantCount(ranking);
  const first = hits(ranking, k).indexOf(1);
  return first < 0 ? 0 : 1 / (first + 1);
}
