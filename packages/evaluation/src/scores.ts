import { EmbeddingError, expectMembers, expectRows } from '@diptych/core';
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
    view: (rows, columns) => viewOf(scores, shift(rows, queries[0]), shift(columns, documents[0])),
  };
}

/** -1 where there is none; a plain loop, for the sake of a hundred million scores. */
function firstNaN(values: Float64Array): number {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i]!)) return i;
  return -1;
}

/** Queries computed at once: enough to use the documents well, few enough for the processor's cache. */
const blockRows = 32;

/**
 * Every query's scores, in order, a block at a time.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a score is NaN, which has no place in an order.
 */
export function* scoreRows(scores: Scores): Generator<Float64Array> {
  expectScores(scores);
  const [n, m] = scores.shape;
  for (let start = 0; start < n; start += blockRows) {
    const end = Math.min(n, start + blockRows);
    const block = scores.block([start, end], [0, m]);
    const at = firstNaN(block);
    if (at >= 0) {
      const where = `query ${start + Math.floor(at / m)}, document ${at % m}`;
      throw new EmbeddingError('INPUT_INVALID', { where: 'scores', expected: 'numbers', got: `NaN at ${where}` });
    }
    for (let row = 0; row < end - start; row++) yield block.subarray(row * m, (row + 1) * m);
  }
}
