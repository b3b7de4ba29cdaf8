import { EmbeddingError, expectItems, inTurns, type Steps, subtractRow } from '@diptych/core';
import { columnMeans } from '../linear-algebra/columns.ts';
import type { Matrix, Rows } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { checkArguments } from './check-arguments.ts';

/**
 * What linear CCA needs to know of paired rows, and all that it keeps of them: plain data of `8 (p + q)²` bytes at most,
 * which a worker can send. Two are merged exactly.
 */
export interface Moments {
  /** Number of pairs. */
  readonly n: number;
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
  /** Sums of products of deviations from the means; divided by `n - 1` they are covariances. */
  readonly xx: Matrix;
  readonly yy: Matrix;
  readonly xy: Matrix;
}

/**
 * Moments of pairs: row `i` of `x` belongs to row `i` of `y`. The event loop turns all the while; rejects with the reason of
 * its signal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the numbers of rows differ, `INPUT_INVALID` when there are none or a
 * value is not finite.
 */
export async function moments(x: Rows, y: Rows, options: AlgebraOptions = {}): Promise<Moments> {
  checkArguments('moments', { rows: [x, y], options });
  return inTurns(momentsSteps(x, y, options), options.signal);
}

/** `moments` in pieces. */
export function* momentsSteps(x: Rows, y: Rows, { algebra = plainAlgebra }: AlgebraOptions): Steps<Moments> {
  if (x.shape[0] !== y.shape[0]) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'moments',
      expected: 'as many rows of x as of y',
      got: `${x.shape[0]} and ${y.shape[0]}`,
    });
  }
  const [meanX, meanY] = [columnMeans(x, 'x'), columnMeans(y, 'y')];
  const [xs, ys] = [subtractRow(x, meanX), subtractRow(y, meanY)];
  return {
    n: x.shape[0],
    meanX,
    meanY,
    xx: yield* algebra.gram(xs),
    yy: yield* algebra.gram(ys),
    xy: yield* algebra.multiply(xs, ys, 'a'),
  };
}

/**
 * Moments of the pairs of both, Chan et al. 1979: no cancellation, however far the means are from zero.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when their columns differ in number.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  checkArguments('mergeMoments', { moments: [a, b] });
  if (a.meanX.length !== b.meanX.length || a.meanY.length !== b.meanY.length) {
    const of = ({ xy }: Moments) => xy.shape.join(' and ');
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'mergeMoments', expected: `${of(a)} columns`, got: of(b) });
  }
  const n = a.n + b.n;
  const dx = b.meanX.map((mean, i) => mean - a.meanX[i]!);
  const dy = b.meanY.map((mean, i) => mean - a.meanY[i]!);
  const factor = (a.n * b.n) / n;
  return {
    n,
    meanX: a.meanX.map((mean, i) => mean + (dx[i]! * b.n) / n),
    meanY: a.meanY.map((mean, i) => mean + (dy[i]! * b.n) / n),
    xx: addOuter(a.xx, b.xx, dx, dx, factor),
    yy: addOuter(a.yy, b.yy, dy, dy, factor),
    xy: addOuter(a.xy, b.xy, dx, dy, factor),
  };
}

/** Moments of a stream of chunks, each paired rows of `x` and `y`; only one chunk is held at a time. */
export async function streamMoments(
  chunks: Iterable<readonly [x: Rows, y: Rows]> | AsyncIterable<readonly [x: Rows, y: Rows]>,
  options: AlgebraOptions = {},
): Promise<Moments> {
  let total: Moments | undefined;
  expectItems(chunks, 'streamMoments: chunks');
  checkArguments('streamMoments', { options });
  for await (const pair of chunks) {
    expectItems(pair, 'streamMoments: a chunk');
    const [x, y] = pair;
    const chunk = await moments(x, y, options);
    total = total ? mergeMoments(total, chunk) : chunk;
  }
  if (!total)
    throw new EmbeddingError('INPUT_INVALID', { where: 'streamMoments', expected: 'at least one chunk', got: 'none' });
  return total;
}

/** `a + b + factor · u · vᵀ`. */
function addOuter(a: Matrix, b: Matrix, u: Float64Array, v: Float64Array, factor: number): Matrix {
  const columns = v.length;
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < u.length; i++) {
    for (let j = 0, at = i * columns; j < columns; j++, at++) {
      data[at] = a.data[at]! + b.data[at]! + factor * u[i]! * v[j]!;
    }
  }
  return { data, shape: a.shape };
}
