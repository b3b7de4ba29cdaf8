import {
  EmbeddingError,
  type Embeddings,
  expectItems,
  expectMembers,
  inTurns,
  inverseNorms,
  seededRandom,
  type Steps,
} from '@diptych/core';
import { checkCount, checkRows, checkSpace } from './check-rows.ts';
import { exactSearch } from './exact-search.ts';
import type { Searcher } from './searcher.ts';

/** Queries that are searched for at a time. */
const queriesPerBlock = 32;

export interface MiningOptions {
  /** How many of each pair; fewer where not as many qualify. Default 3. */
  readonly negatives?: number;
  /** How many of the nearest are passed over, being matches that nobody noted. Default 0. */
  readonly from?: number;
  /** How many of the nearest after those are looked at; default ten times the negatives. */
  readonly depth?: number;
  /** Cosines of a negative with the query, both included. Default any. */
  readonly scores?: readonly [least: number, most: number];
  /** A negative scores at least so much less than the pair. Default 0: never more than it, as long as one margin is given. */
  readonly margin?: number;
  /** The same as a part of the pair's score, as 0.05. */
  readonly relativeMargin?: number;
  /** The hardest of all that qualify, or any of them, drawn with `seed`. Default `hardest`. */
  readonly take?: 'hardest' | 'random';
  /** Default 1. */
  readonly seed?: number;
  /** Whether a row answers the query though it is not among its matches, as another copy of the same text does. */
  readonly isMatch?: (query: number, row: number) => boolean;
  /** How the corpus is searched, by cosine; default `exactSearch(corpus)`. */
  readonly search?: Searcher;
  readonly signal?: AbortSignal | undefined;
}

/** A query, a row of the corpus that answers it, and rows near it that do not, hardest first. */
export interface MinedPair {
  readonly query: number;
  readonly match: number;
  readonly negatives: readonly number[];
}

/**
 * Hard negatives for training: rows of the corpus that are nearest to a query and do not answer it (`mine_hard_negatives` of
 * sentence-transformers). What lies nearer than the match itself is often a match that nobody noted: `margin`, `relativeMargin`,
 * `scores`, `from` and `isMatch` keep such rows out. The event loop turns between blocks of queries; rejects with the reason of its
 * signal.
 *
 * @param queries `[n, dim]`.
 * @param corpus `[m, dim]`, of the same model.
 * @param matches Of each query the rows of the corpus that answer it.
 * @returns One for each query and match, in order; those for whom nothing qualifies have no negatives.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` for malformed rows, other dimensions or models, matches that are not
 *   there, or options that are no counts.
 */
export async function mineNegatives(
  queries: Embeddings,
  corpus: Embeddings,
  matches: readonly (readonly number[])[],
  options: MiningOptions = {},
): Promise<MinedPair[]> {
  const { negatives = 3, from = 0, signal, ...rest } = expectMembers(options, 'mineNegatives: options');
  checkRows('mineNegatives: queries', queries);
  checkRows('mineNegatives: corpus', corpus);
  checkSpace('mineNegatives', queries, { dim: corpus.shape[1], model: corpus.model });
  checkCount('mineNegatives: negatives', negatives);
  const { depth = 10 * negatives } = rest;
  checkCount('mineNegatives: depth', depth);
  checkCount('mineNegatives: from', from + 1);
  checkMatches(matches, queries.shape[0], corpus.shape[0]);
  const settings = { ...rest, negatives, from, depth, search: rest.search ?? exactSearch(corpus) };
  return inTurns(miningSteps(queries, corpus, matches, settings), signal);
}

function checkMatches(matches: readonly (readonly number[])[], queries: number, rows: number): void {
  expectItems(matches, 'mineNegatives: matches');
  if (matches.length !== queries) {
    const [expected, got] = [`${queries} lists, one for each query`, matches.length];
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'mineNegatives: matches', expected, got });
  }
  for (const [query, own] of matches.entries()) {
    expectItems(own, 'mineNegatives: matches');
    const wrong = own.find((row) => !Number.isInteger(row) || row < 0 || row >= rows);
    if (wrong === undefined) continue;
    const where = `mineNegatives: matches of query ${query}`;
    throw new EmbeddingError('INPUT_INVALID', { where, expected: `rows below ${rows}`, got: wrong });
  }
}

type Settings = MiningOptions & Required<Pick<MiningOptions, 'negatives' | 'from' | 'depth' | 'search'>>;

function* miningSteps(
  queries: Embeddings,
  corpus: Embeddings,
  matches: readonly (readonly number[])[],
  settings: Settings,
): Steps<MinedPair[]> {
  const { negatives, from, depth, search, take = 'hardest' } = settings;
  const random = seededRandom(settings.seed ?? 1);
  const cosine = cosines(queries, corpus);
  const [n, dim] = queries.shape;
  const found: MinedPair[] = [];
  for (let start = 0; start < n; start += queriesPerBlock) {
    const size = Math.min(queriesPerBlock, n - start);
    const data = queries.data.subarray(start * dim, (start + size) * dim);
    const most = Math.max(...matches.slice(start, start + size).map((own) => own.length));
    for (const [i, hits] of search({ ...queries, data, shape: [size, dim] }, from + depth + most).entries()) {
      const query = start + i;
      const own = new Set(matches[query]);
      const others = hits.filter(({ row }) => !own.has(row)).slice(from, from + depth);
      for (const match of matches[query]!) {
        const limit = limitOf(cosine(query, match), settings);
        const fitting = others.filter(({ row, score }) => {
          return score >= limit.least && score <= limit.most && !settings.isMatch?.(query, row);
        });
        const rows = fitting.map(({ row }) => row);
        found.push({ query, match, negatives: take === 'hardest' ? rows.slice(0, negatives) : drawn(rows, negatives) });
      }
    }
    yield undefined;
  }
  return found;

  /** So many of the rows, in their order. */
  function drawn(rows: readonly number[], count: number): number[] {
    const keys = rows.map((row, place) => ({ row, place, key: random() }));
    const chosen = keys.toSorted((a, b) => a.key - b.key).slice(0, count);
    return chosen.toSorted((a, b) => a.place - b.place).map(({ row }) => row);
  }
}

function limitOf(
  score: number,
  { scores: [least, most] = [-Infinity, Infinity], margin, relativeMargin }: MiningOptions,
): { readonly least: number; readonly most: number } {
  const absolute = margin === undefined ? Infinity : score - margin;
  const relative = relativeMargin === undefined ? Infinity : score * (1 - relativeMargin);
  return { least, most: Math.min(most, absolute, relative) };
}

/** Of a query and a row of the corpus. */
function cosines(queries: Embeddings, corpus: Embeddings): (query: number, row: number) => number {
  const [ofQueries, ofRows] = [inverseNorms(queries), inverseNorms(corpus)];
  const dim = queries.shape[1];
  return (query, row) => {
    let sum = 0;
    for (let k = 0; k < dim; k++) sum += queries.data[query * dim + k]! * corpus.data[row * dim + k]!;
    return sum * ofQueries[query]! * ofRows[row]!;
  };
}
