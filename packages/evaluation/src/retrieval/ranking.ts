import { EmbeddingError, expectMembers, inTurns, type Steps } from '@diptych/core';
import { expectDepth } from '../depth.ts';
import { type Relevance, gradesOf } from './relevance.ts';
import { eachRow, expectScores, type Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { bestOf } from '../top-k.ts';

/** What one query retrieved, as far as relevance goes. Grades at or below 0 are not relevant. */
export interface Ranking {
  /** Grade of each retrieved document, best first. */
  readonly retrieved: ArrayLike<number>;
  /** Grade of each relevant document, retrieved or not, in any order. */
  readonly relevant: ArrayLike<number>;
}

export interface RankingOptions extends SignalOption {
  /** Documents to keep; metrics at `k` need `k` of them. Default: all. */
  readonly depth?: number;
}

/**
 * Each query's documents by falling score, of equals the lower index first.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a query has no relevant document, a score is NaN or `depth < 1`;
 *   `SHAPE_MISMATCH` when `relevance` has not one entry per query.
 */
export async function rankDocuments(
  scores: Scores,
  relevance: Relevance,
  options: RankingOptions = {},
): Promise<Ranking[]> {
  expectMembers(options, 'rankDocuments: options');
  return inTurns(rankingSteps(scores, relevance, options.depth ?? Infinity), options.signal);
}

function* rankingSteps(scores: Scores, relevance: Relevance, depth: number): Steps<Ranking[]> {
  expectDepth(depth, 'rankDocuments');
  expectScores(scores);
  const grades = gradesOf(relevance, scores.shape);
  const rankings: Ranking[] = [];
  yield* eachRow(scores, (row, query) => rankings.push(rankingOf(bestOf(row, depth), grades[query]!)));
  return rankings;
}

/** Documents, best first, under the grades of one query. */
export function rankingOf<Id>(retrieved: Iterable<Id>, grades: ReadonlyMap<Id, number>): Ranking {
  return {
    retrieved: Array.from(retrieved, (id) => grades.get(id) ?? 0),
    relevant: [...grades.values()].filter((grade) => grade > 0),
  };
}

/** Grades from `level` up become 1, the rest 0: what counts as relevant for all but nDCG. */
export function atLevel(ranking: Ranking, level: number): Ranking {
  const { retrieved, relevant } = checked(ranking);
  return {
    retrieved: Array.from(retrieved, (grade) => (grade >= level ? 1 : 0)),
    relevant: Array.from(relevant).flatMap((grade) => (grade >= level ? [1] : [])),
  };
}

/** 1 for each of the first `k` retrieved documents that is relevant, 0 for the others. */
export function hits(ranking: Ranking, k: number): number[] {
  const { retrieved } = checked(ranking);
  expectDepth(k, 'metric');
  return Array.from({ length: Math.min(k, retrieved.length) }, (_, i) => (retrieved[i]! > 0 ? 1 : 0));
}

/**
 * Number of relevant documents.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when there is none: what divides by it means nothing.
 */
export function relevantCount(ranking: Ranking): number {
  const { relevant } = checked(ranking);
  const count = Array.from(relevant).filter((grade) => grade > 0).length;
  if (count === 0)
    throw new EmbeddingError('INPUT_INVALID', { where: 'metric', expected: 'a relevant document', got: 'none' });
  return count;
}

function checked(ranking: Ranking): Ranking {
  expectMembers(ranking, 'metric: ranking', 'retrieved', 'relevant');
  return ranking;
}
