import { hits, type Ranking, relevantCount } from './ranking.ts';

/**
 * What the sum of precisions is divided by: of `R` relevant documents as many as fit in `k`, so that a perfect list
 * scores 1; all `R`, as trec_eval's `map_cut`; or the relevant ones retrieved, as torchmetrics.
 */
export type AveragePrecisionDenominator = 'min(R,k)' | 'R' | 'hits';

/**
 * Precision at each relevant document among the first `k`, summed and divided by the denominator. With `k` infinite this
 * is average precision.
 *
 * @param denominator Default `min(R,k)`.
 */
export function averagePrecisionAt(
  ranking: Ranking,
  k: number,
  denominator: AveragePrecisionDenominator = 'min(R,k)',
): number {
  let found = 0;
  let sum = 0;
  for (const [i, hit] of hits(ranking, k).entries()) {
    found += hit;
    sum += (hit * found) / (i + 1);
  }
  const relevant = relevantCount(ranking);
  const by = { 'min(R,k)': Math.min(relevant, k), R: relevant, hits: Math.max(found, 1) };
  return sum / by[denominator];
}
