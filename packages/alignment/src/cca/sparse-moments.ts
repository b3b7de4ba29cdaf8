import {
  EmbeddingError,
  expectMembers,
  inTurns,
  pieces,
  type SparseRows,
  type Steps,
  subtractRow,
} from '@diptych/core';
import { columnMeans } from '../linear-algebra/columns.ts';
import { type Matrix, type Rows, transpose, zeros } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import type { Moments } from './moments.ts';
import { sparseMeans, sparseRows } from './sparse-rows.ts';
import { checkArguments } from './check-arguments.ts';

export interface SparseMomentsOptions extends AlgebraOptions {
  /** Row of `x` that each row of `y` belongs to, so that an image with several captions is given once. Default the same. */
  readonly rowOf?: ArrayLike<number>;
}

/**
 * `moments` of pairs whose `y` is mostly 0, such as bags of words, in the time that the other values take and, for
 * `SparseRows`, in the memory of these. The event loop turns all the while; rejects with the reason of its signal.
 *
 * The deviations of `y` come from sums of products: exact enough where its means are small beside them, as with words.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `rowOf` has not one row of `x` for each row of `y`; `INPUT_INVALID` when
 *   there is no pair, a value is not finite or a row has a column that there is not, or twice.
 */
export async function sparseMoments(
  x: Rows,
  y: Rows | SparseRows,
  options: SparseMomentsOptions = {},
): Promise<Moments> {
  checkArguments('sparseMoments', { rows: [x], options });
  expectMembers(y, 'sparseMoments: y');
  if ('starts' in y) expectMembers(y, 'sparseMoments: y', 'values', 'columns', 'shape');
  else checkArguments('sparseMoments', { rows: [y] });
  return inTurns(sparseSteps(x, y, options), options.signal);
}

function* sparseSteps(
  x: Rows,
  y: Rows | SparseRows,
  { rowOf, algebra = plainAlgebra }: SparseMomentsOptions,
): Steps<Moments> {
  const rows = pairedRows(x, y, rowOf);
  const counts = new Float64Array(x.shape[0]);
  for (const row of rows) counts[row]!++;
  const [n, width] = [rows.length, x.shape[1]];
  const sparse = sparseRows(y, 'y');
  const meanY = sparseMeans(sparse);
  const meanX = weightedMeans(x, counts, n);
  const centred = subtractRow(x, meanX);
  const repeated = centred.data.map((value, i) => value * Math.sqrt(counts[Math.floor(i / width)]!));
  return {
    n,
    meanX,
    meanY,
    xx: yield* algebra.gram({ data: repeated, shape: x.shape }),
    yy: yield* ownProducts(sparse, meanY),
    xy: yield* crossProducts(centred, rows, sparse),
  };
}

function pairedRows(x: Rows, y: Rows | SparseRows, rowOf: ArrayLike<number> | undefined): Uint32Array {
  const [found, wanted] = [rowOf ? rowOf.length : x.shape[0], y.shape[0]];
  const rows = Uint32Array.from({ length: wanted }, (_, i) => rowOf?.[i] ?? i);
  const outside = rows.find((row) => row >= x.shape[0]);
  if (found === wanted && outside === undefined) return rows;
  const got = found === wanted ? `row ${outside}` : `${found} of them`;
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: 'sparseMoments',
    expected: `a row of x, of ${x.shape[0]}, for each of ${wanted} rows of y`,
    got,
  });
}

/** Means of the columns of `x`, each row as often as it is paired. */
function weightedMeans(x: Rows, counts: Float64Array, n: number): Float64Array {
  const width = columnMeans(x, 'x').length;
  const means = new Float64Array(width);
  x.data.forEach((value, i) => (means[i % width]! += (counts[Math.floor(i / width)]! * value) / n));
  return means;
}

/** Sums of products of deviations from the means. */
function* ownProducts({ values, columns, starts, shape: [n, width] }: SparseRows, means: Float64Array): Steps<Matrix> {
  const pause = pieces();
  const out = zeros(width, width);
  for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) out.data[i * width + j] = -n * means[i]! * means[j]!;
  for (let row = 0; row < n; row++) {
    const [begin, end] = [starts[row]!, starts[row + 1]!];
    for (let i = begin; i < end; i++) {
      const to = columns[i]! * width;
      for (let j = begin; j < end; j++) out.data[to + columns[j]!]! += values[i]! * values[j]!;
    }
    if (pause((end - begin) ** 2)) yield undefined;
  }
  return out;
}

/** The same of centred rows with sparse ones, whose means then have no part in it. */
function* crossProducts(x: Matrix, rows: Uint32Array, { values, columns, starts, shape }: SparseRows): Steps<Matrix> {
  const pause = pieces();
  const width = x.shape[1];
  const out = zeros(shape[1], width);
  for (let row = 0; row < shape[0]; row++) {
    const from = rows[row]! * width;
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const [to, value] = [columns[i]! * width, values[i]!];
      for (let k = 0; k < width; k++) out.data[to + k]! += value * x.data[from + k]!;
    }
    if (pause(width * (starts[row + 1]! - starts[row]!))) yield undefined;
  }
  return transpose(out);
}
