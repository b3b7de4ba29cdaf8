import { EmbeddingError, expectList } from '@diptych/core';
import { averagePrecisionAt } from './average-precision.ts';
import { expectDepth } from '../depth.ts';
import { mean, type Metrics } from '../metrics.ts';
import { ndcgAt } from './ndcg.ts';
import { hitAt, precisionAt, recallAt } from './precision.ts';
import type { Ranking } from './ranking.ts';
import { reciprocalRankAt } from './reciprocal-rank.ts';

/** One value per query and metric, for intervals and paired tests, and their means. */
export interface RankedRetrieval {
  readonly perQuery: Readonly<Record<string, Float64Array>>;
  readonly mean: Metrics;
}

/** What each metric divides by, to be printed beside it. R is the number of relevant documents of the query. */
export const denominators: Readonly<Record<string, string>> = {
  map: 'min(R, k)',
  ndcg: 'the DCG of the best list of k',
  precision: 'k',
  recall: 'R',
  hit: '1',
  mrr: '1',
};

/**
 * `map@k`, `ndcg@k`, `precision@k`, `recall@k`, `hit@k` and `mrr@k` over queries that count alike.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when there is no query, a query has no relevant document, or `k < 1`.
 */
export function rankedRetrieval(rankings: readonly Ranking[], k: number): RankedRetrieval {
  expectDepth(k, 'rankedRetrieval');
  expectList(rankings, 'rankedRetrieval');
  if (rankings.length === 0)
    throw new EmbeddingError('INPUT_INVALID', { where: 'rankedRetrieval', expected: 'a query', got: 'none' });
  const perQuery = Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [
      `${name}@${k}`,
      Float64Array.from(rankings, (ranking) => metric(ranking, k)),
    ]),
  );
  const means = Object.entries(perQuery).map(([name, values]) => [name, mean(values)] as const);
  return { perQuery, mean: Object.fromEntries(means) };
}

const metrics = {
  map: averagePrecisionAt,
  ndcg: ndcgAt,
  precision: precisionAt,
  recall: recallAt,
  hit: hitAt,
  mrr: reciprocalRankAt,
} satisfies Record<string, (ranking: Ranking, k: number) => number>;
