import { EmbeddingError } from '@diptych/core';
import { columnMeans, subtractRow } from '../linear-algebra/columns.ts';
import { type Matrix, multiplyBySelf, type Rows, transpose, zeros } from '../linear-algebra/matrix.ts';
import type { Moments } from './moments.ts';

/**
 * `moments` of pairs whose `y` is mostly 0, such as bags of words, in the time that the other values take. Row `i` of `y`
 * belongs to row `rowOf[i]` of `x`, so that an image with several captions is given once.
 *
 * The deviations of `y` come from sums of products: exact enough where its means are small beside them, as with words.
 *
 * @param rowOf Default: row `i` of `x`.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `rowOf` has not one row of `x` for each row of `y`; `INPUT_INVALID` when
 *   there is no pair or a value is not finite.
 */
export function sparseMoments(x: Rows, y: Rows, rowOf?: ArrayLike<number>): Moments {
  const rows = pairedRows(x, y, rowOf);
  const counts = new Float64Array(x.shape[0]);
  for (const row of rows) counts[row]!++;
  const [n, width] = [rows.length, x.shape[1]];
  const meanY = columnMeans(y, 'y');
  const meanX = weightedMeans(x, counts, n);
  const centred = subtractRow(x, meanX);
  const repeated = centred.data.map((value, i) => value * Math.sqrt(counts[Math.floor(i / width)]!));
  const entries = entriesOf(y);
  return {
    n,
    meanX,
    meanY,
    xx: multiplyBySelf(transpose({ data: repeated, shape: x.shape })),
    yy: ownProducts(entries, meanY, n),
    xy: crossProducts(centred, rows, entries, meanY.length),
  };
}

function pairedRows(x: Rows, y: Rows, rowOf: ArrayLike<number> | undefined): Uint32Array {
  const [found, wanted] = [rowOf ? rowOf.length : x.shape[0], y.shape[0]];
  const rows = Uint32Array.from({ length: wanted }, (_, i) => rowOf?.[i] ?? i);
  const outside = rows.find((row) => row >= x.shape[0]);
  if (found === wanted && outside === undefined) return rows;
  const got = found === wanted ? `row ${outside}` : `${found} of them`;
  const message = `sparseMoments: expected a row of x, of ${x.shape[0]}, for each of ${wanted} rows of y, got ${got}`;
  throw new EmbeddingError('SHAPE_MISMATCH', message);
}

/** Means of the columns of `x`, each row as often as it is paired. */
function weightedMeans(x: Rows, counts: Float64Array, n: number): Float64Array {
  const width = columnMeans(x, 'x').length;
  const means = new Float64Array(width);
  x.data.forEach((value, i) => (means[i % width]! += (counts[Math.floor(i / width)]! * value) / n));
  return means;
}

/** What is not 0 in one row. */
type Entries = readonly (readonly [column: number, value: number])[];

function entriesOf({ data, shape: [n, width] }: Rows): Entries[] {
  return Array.from({ length: n }, (_, row) => {
    const found: [number, number][] = [];
    for (let column = 0, at = row * width; column < width; column++, at++) {
      if (data[at] !== 0) found.push([column, data[at]!]);
    }
    return found;
  });
}

/** Sums of products of deviations from the means. */
function ownProducts(rows: readonly Entries[], means: Float64Array, n: number): Matrix {
  const width = means.length;
  const out = zeros(width, width);
  for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) out.data[i * width + j] = -n * means[i]! * means[j]!;
  for (const entries of rows) {
    for (const [i, a] of entries) for (const [j, b] of entries) out.data[i * width + j]! += a * b;
  }
  return out;
}

/** The same of centred rows with sparse ones, whose means then have no part in it. */
function crossProducts(x: Matrix, rows: Uint32Array, sparse: readonly Entries[], columns: number): Matrix {
  const width = x.shape[1];
  const out = zeros(columns, width);
  sparse.forEach((entries, i) => {
    const from = rows[i]! * width;
    for (const [column, value] of entries) {
      const to = column * width;
      for (let k = 0; k < width; k++) out.data[to + k]! += value * x.data[from + k]!;
    }
  });
  return transpose(out);
}
