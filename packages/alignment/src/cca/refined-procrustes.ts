import {
  EmbeddingError,
  expectItems,
  inTurns,
  type LinearAlgebra,
  pieces,
  type Steps,
  TopK,
  unitRows,
} from '@diptych/core';
import { type Matrix, type Rows, transpose } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { checkArguments } from './check-arguments.ts';
import { procrustesSteps } from './procrustes.ts';

/** A row of one space and the row of the other that it belongs to. */
export type RowPair = readonly [a: number, b: number];

export interface RefinedProcrustesOptions extends AlgebraOptions {
  /** Rows that are known to belong together, to begin with: some tens, and no fewer than tell a rotation from noise. */
  readonly pairs: readonly RowPair[];
  /** Turns; it ends before where the pairs stay as they are. Default 5. */
  readonly iterations?: number;
  /** Nearest rows whose mean score is taken off, so that hubs are nobody's match. Default 10. */
  readonly neighbours?: number;
}

export interface RefinedProcrustes {
  /** Orthogonal, `[d, d]`: `a · rotation` lies in the space of `b`. */
  readonly rotation: Matrix;
  /** Rows that are each other's nearest at the end, of which the rotation was made, in the order of `a`. */
  readonly pairs: readonly RowPair[];
}

/**
 * One space turned into another of which few pairs are known: `procrustes` of the pairs, then of all rows that are each other's
 * nearest by CSLS, and so on (the refinement of Conneau et al. 2018, arXiv:1710.04087). Rows are compared by cosine. It keeps the
 * scores of all rows with all others, `8 · rows · rows` bytes. The event loop turns all the while; rejects with the reason of its
 * signal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the columns differ, `INPUT_INVALID` for no pairs, one of a row that there is not, or
 * fewer than one turn or neighbour.
 */
export async function refinedProcrustes(
  a: Rows,
  b: Rows,
  options: RefinedProcrustesOptions,
): Promise<RefinedProcrustes> {
  checkArguments('refinedProcrustes', { rows: [a, b], options });
  const { pairs, iterations = 5, neighbours = 10, signal } = options;
  expectItems(pairs, 'refinedProcrustes: pairs');
  if (a.shape[1] !== b.shape[1]) {
    const [expected, got] = [`${a.shape[1]} columns`, b.shape[1]];
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'refinedProcrustes', expected, got });
  }
  const isRow = (row: unknown, { shape }: Rows) =>
    Number.isInteger(row) && (row as number) >= 0 && (row as number) < shape[0];
  const wrong = pairs.find((pair) => !Array.isArray(pair) || !isRow(pair[0], a) || !isRow(pair[1], b));
  if (pairs.length === 0 || wrong) {
    const expected = `pairs of a row below ${a.shape[0]} and one below ${b.shape[0]}`;
    throw new EmbeddingError('INPUT_INVALID', { where: 'refinedProcrustes', expected, got: wrong ?? 'none' });
  }
  for (const [name, count] of Object.entries({ iterations, neighbours })) {
    if (Number.isInteger(count) && count >= 1) continue;
    const where = `refinedProcrustes: ${name}`;
    throw new EmbeddingError('INPUT_INVALID', { where, expected: 'a whole number from 1', got: count });
  }
  return inTurns(refineSteps(unitRows(a), unitRows(b), { ...options, pairs, iterations, neighbours }), signal);
}

function* refineSteps(
  a: Matrix,
  b: Matrix,
  {
    pairs: known,
    iterations,
    neighbours,
    algebra = plainAlgebra,
  }: Required<Omit<RefinedProcrustesOptions, 'signal' | 'algebra'>> & AlgebraOptions,
): Steps<RefinedProcrustes> {
  let pairs = known;
  let rotation = yield* fitted(a, b, pairs, algebra);
  for (let i = 0; i < iterations; i++) {
    const scores = yield* algebra.multiply(yield* algebra.multiply(a, rotation), b, 'b');
    const found = yield* mutual(scores, neighbours);
    if (found.length === 0 || String(found) === String(pairs)) break;
    pairs = found;
    rotation = yield* fitted(a, b, pairs, algebra);
  }
  return { rotation, pairs };
}

function fitted(a: Matrix, b: Matrix, pairs: readonly RowPair[], algebra: LinearAlgebra): Steps<Matrix> {
  const [left, right] = [a, b].map(({ data, shape: [, columns] }, side) => {
    const out = new Float64Array(pairs.length * columns);
    pairs.forEach((pair, i) => out.set(data.subarray(pair[side]! * columns, (pair[side]! + 1) * columns), i * columns));
    return { data: out, shape: [pairs.length, columns] } as const;
  });
  return procrustesSteps(left!, right!, { algebra });
}

/** Rows that are each other's nearest by CSLS. */
function* mutual(scores: Matrix, neighbours: number): Steps<RowPair[]> {
  const turned = transpose(scores);
  const [near, far] = [yield* nearness(scores, neighbours), yield* nearness(turned, neighbours)];
  const forward = yield* bestOf(scores, far);
  const back = yield* bestOf(turned, near);
  return forward.flatMap((row, i): RowPair[] => (back[row] === i ? [[i, row]] : []));
}

/** Mean of the best scores of each row. */
function* nearness({ data, shape: [n, m] }: Matrix, neighbours: number): Steps<Float64Array> {
  const out = new Float64Array(n);
  const pause = pieces();
  for (let i = 0; i < n; i++) {
    const best = new TopK(Math.min(neighbours, m));
    for (let j = 0; j < m; j++) best.add(j, data[i * m + j]!);
    const hits = best.hits();
    out[i] = hits.reduce((sum, { score }) => sum + score, 0) / hits.length;
    if (pause(m)) yield undefined;
  }
  return out;
}

/** For each row the column of the best score, twice less what the column is near to anyway. What the row is near to is the same for all. */
function* bestOf({ data, shape: [n, m] }: Matrix, nearnessOfColumns: Float64Array): Steps<number[]> {
  const out: number[] = [];
  const pause = pieces();
  for (let i = 0; i < n; i++) {
    let [best, at] = [-Infinity, 0];
    for (let j = 0; j < m; j++) {
      const score = 2 * data[i * m + j]! - nearnessOfColumns[j]!;
      if (score > best) [best, at] = [score, j];
    }
    out.push(at);
    if (pause(m)) yield undefined;
  }
  return out;
}
