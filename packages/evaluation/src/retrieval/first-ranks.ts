import { expectMembers, inTurns, type Steps } from '@diptych/core';
import { type Relevance, gradesOf } from './relevance.ts';
import { eachRow, expectScores, type Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';

/**
 * Where a document stands among others of the same score: `stable` by index, as a stable sort has it; `optimistic`
 * before them, `pessimistic` behind them, `mean` halfway.
 */
export type Ties = 'stable' | 'optimistic' | 'pessimistic' | 'mean';

export interface RankOptions extends SignalOption {
  /** Default `stable`. */
  readonly ties?: Ties | undefined;
}

/**
 * For each query the rank, from 0, of its best relevant document.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a query has no relevant document or a score is NaN; `SHAPE_MISMATCH` when
 *   `relevance` has not one entry per query.
 */
export async function firstRanks(
  scores: Scores,
  relevance: Relevance,
  options: RankOptions = {},
): Promise<Float64Array> {
  expectMembers(options, 'firstRanks: options');
  return inTurns(firstRankSteps(scores, relevance, options.ties ?? 'stable'), options.signal);
}

function* firstRankSteps(scores: Scores, relevance: Relevance, ties: Ties): Steps<Float64Array> {
  expectScores(scores);
  const relevant = gradesOf(relevance, scores.shape).map((grades) => [...grades.keys()]);
  const ranks = new Float64Array(relevant.length);
  yield* eachRow(scores, (row, query) => (ranks[query] = firstRank(row, relevant[query]!, ties)));
  return ranks;
}

/** Rank, from 0, of the best of `relevant` in one query's scores. */
function firstRank(row: Float64Array, relevant: readonly number[], ties: Ties): number {
  const best = relevant.reduce((top, j) => (row[j]! > row[top]! || (row[j] === row[top] && j < top) ? j : top));
  const score = row[best]!;
  let [above, equal, before] = [0, 0, 0];
  for (let j = 0; j < row.length; j++) {
    if (row[j]! > score) above++;
    else if (row[j] === score) {
      equal++;
      if (j < best) before++;
    }
  }
  return above + ahead[ties](before, equal - relevant.filter((j) => row[j] === score).length);
}

/** Of `equal` irrelevant documents of the same score, `before` of them with a lower index, how many come first. */
export const ahead: Readonly<Record<Ties, (before: number, equal: number) => number>> = {
  stable: (before) => before,
  optimistic: () => 0,
  pessimistic: (_, equal) => equal,
  mean: (_, equal) => equal / 2,
};
