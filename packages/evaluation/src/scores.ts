import { EmbeddingError, expectMembers, expectRows, pieces, type Steps } from '@diptych/core';
import type { Matrix } from './rows.ts';

/** Half-open: `start <= i < end`. */
export type Range = readonly [start: number, end: number];

/**
 * Scores of every query with every document, higher is more alike. Only blocks of them exist at a time, so 5,000 by
 * 25,000 need no gigabyte. A measure of your own is an object with these two members.
 */
export interface Scores {
  readonly shape: readonly [queries: number, documents: number];
  /** One block, row-major, in a new array. */
  block(queries: Range, documents: Range): Float64Array;
  /** The same in memory that the next call may change, where that saves a copy. */
  view?(queries: Range, documents: Range): Float32Array | Float64Array;
}

/**
 * Scores that are there already.
 *
 * @param matrix `[queries, documents]`, row-major.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the data does not fill the shape; `INPUT_INVALID` when a side is empty.
 */
export function matrixScores(matrix: Matrix): Scores {
  expectRows(matrix, 'scores');
  const { data, shape } = matrix;
  const [n, m] = shape;
  if (!(n >= 1 && m >= 1)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'scores',
      expected: 'at least one query and document',
      got: shape,
    });
  }
  if (data.length !== n * m) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'scores',
      expected: `${n * m} values for [${shape}]`,
      got: data.length,
    });
  }
  return {
    shape,
    block([top, bottom], [left, right]) {
      const width = right - left;
      const out = new Float64Array((bottom - top) * width);
      for (let i = 0; i < out.length; i++) out[i] = data[(top + Math.floor(i / width)) * m + left + (i % width)]!;
      return out;
    },
  };
}

/** @throws {EmbeddingError} `INPUT_INVALID` for what gives no scores. */
export function expectScores(scores: Scores): void {
  expectMembers(scores, 'scores', 'shape', 'block');
}

/** One block, in memory that the next call may change. */
export function viewOf(scores: Scores, queries: Range, documents: Range): Float32Array | Float64Array {
  return scores.view ? scores.view(queries, documents) : scores.block(queries, documents);
}

/** Part of the queries against part of the documents. */
export function scoresWithin(scores: Scores, queries: Range, documents: Range): Scores {
  const shift = ([start, end]: Range, by: number): Range => [start + by, end + by];
  return {
    shape: [queries[1] - queries[0], documents[1] - documents[0]],
    block: (rows, columns) => scores.block(shift(rows, queries[0]), shift(columns, documents[0])),
    ...(scores.view && {
      view: (rows, columns) => viewOf(scores, shift(rows, queries[0]), shift(columns, documents[0])),
    }),
  };
}

/** Documents computed at once: a block with up to a hundred queries takes some ten milliseconds, by a kernel or without. */
export function blockWidth(scores: Scores): number {
  return scores.view ? 4096 : 256;
}

/** Queries computed at once: enough to use the documents well, few enough for the processor's cache. */
const blockRows = 32;

/** What is done with one score takes at most as long as so many multiplications; an order of all of them takes that. */
const perScore = 64;

/**
 * Every query's scores, in order, in memory that the next ones change. A pause after each block of scores.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a score is NaN, which has no place in an order.
 */
export function* eachRow(scores: Scores, visit: (row: Float64Array, query: number) => void): Steps<void> {
  expectScores(scores);
  const [n, m] = scores.shape;
  const pause = pieces();
  const rows = new Float64Array(Math.min(n, blockRows) * m);
  for (let start = 0; start < n; start += blockRows) {
    const end = Math.min(n, start + blockRows);
    yield* fill(rows, scores, [start, end]);
    for (let query = start; query < end; query++) {
      const row = rows.subarray((query - start) * m, (query - start + 1) * m);
      const at = firstNaN(row);
      if (at >= 0) throw notANumber(query, at);
      visit(row, query);
      if (pause(perScore * m)) yield undefined;
    }
  }
}

/** Queries' scores with all documents into `rows`, block by block. */
function* fill(rows: Float64Array, scores: Scores, [start, end]: Range): Steps<void> {
  const m = scores.shape[1];
  const width = blockWidth(scores);
  for (let left = 0; left < m; left += width) {
    const right = Math.min(m, left + width);
    const block = viewOf(scores, [start, end], [left, right]);
    for (let row = 0; row < end - start; row++) {
      rows.set(block.subarray(row * (right - left), (row + 1) * (right - left)), row * m + left);
    }
    yield undefined;
  }
}

/** -1 where there is none; a plain loop, for the sake of a hundred million scores. */
function firstNaN(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return i;
  return -1;
}

export function notANumber(query: number, document: number): EmbeddingError {
  const where = `query ${query}, document ${document}`;
  return new EmbeddingError('INPUT_INVALID', { where: 'scores', expected: 'numbers', got: `NaN at ${where}` });
}
