import { EmbeddingError, expectList, expectMembers, inTurns, pieces, type Steps } from '@diptych/core';
import { averagePrecisionAt } from './average-precision.ts';
import { expectDepth } from '../depth.ts';
import { mean, type Metrics } from '../metrics.ts';
import { ndcgAt } from './ndcg.ts';
import { hitAt, precisionAt, recallAt } from './precision.ts';
import type { Ranking } from './ranking.ts';
import type { SignalOption } from '../signal-option.ts';
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
export async function rankedRetrieval(
  rankings: readonly Ranking[],
  k: number,
  options: SignalOption = {},
): Promise<RankedRetrieval> {
  expectMembers(options, 'rankedRetrieval: options');
  return inTurns(rankedRetrievalSteps(rankings, k), options.signal);
}

export function* rankedRetrievalSteps(rankings: readonly Ranking[], k: number): Steps<RankedRetrieval> {
  expectDepth(k, 'rankedRetrieval');
  expectList(rankings, 'rankedRetrieval');
  if (rankings.length === 0)
    throw new EmbeddingError('INPUT_INVALID', { where: 'rankedRetrieval', expected: 'a query', got: 'none' });
  const perQuery: Record<string, Float64Array> = {};
  const pause = pieces();
  for (const [name, metric] of Object.entries(metrics)) {
    const values = (perQuery[`${name}@${k}`] = new Float64Array(rankings.length));
    for (const [query, ranking] of rankings.entries()) {
      values[query] = metric(ranking, k);
      if (pause(perDocument * (Math.min(k, ranking.retrieved.length) + ranking.relevant.length))) yield undefined;
    }
  }
  const means = Object.entries(perQuery).map(([name, values]) => [name, mean(values)] as const);
  return { perQuery, mean: Object.fromEntries(means) };
}

/** Multiplications that take as long as to look at one document. */
const perDocument = 64;

const metrics = {
  map: averagePrecisionAt,
  ndcg: ndcgAt,
  precision: precisionAt,
  recall: recallAt,
  hit: hitAt,
  mrr: reciprocalRankAt,
} satisfies Record<string, (ranking: Ranking, k: number) => number>;
