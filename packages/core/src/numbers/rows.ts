import { expectList, expectRows } from '../arguments.ts';
import type { DoubleMatrix } from '../linear-algebra.ts';

/** Rows of finite numbers, row-major. */
interface PlainRows {
  readonly data: ArrayLike<number>;
  /** `[n, dim]`. */
  readonly shape: readonly [number, number];
}

/**
 * Per row 1 over its length, in double precision, or 0 for a zero row, whose cosine with any other is 0. One piece, of some
 * 2 ms for a million numbers.
 */
export function inverseNorms(rows: PlainRows): Float64Array {
  expectRows(rows, 'inverseNorms');
  const {
    data,
    shape: [n, dim],
  } = rows;
  const out = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let i = row * dim; i < (row + 1) * dim; i++) sum += data[i]! * data[i]!;
    out[row] = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  }
  return out;
}

/**
 * Every row at length 1, in double precision; a zero row stays zero. One piece, of some 30 ms for a million numbers, most
 * of it memory that is new.
 */
export function unitRows(rows: PlainRows): DoubleMatrix {
  const inverse = inverseNorms(rows);
  const { data, shape } = rows;
  const out = new Float64Array(data.length);
  for (let row = 0, at = 0; row < shape[0]; row++) {
    for (let end = at + shape[1]; at < end; at++) out[at] = data[at]! * inverse[row]!;
  }
  return { data: out, shape };
}

/** Mean row, `[dim]`, in double precision; NaN of no rows. One piece, of some 2 ms for a million numbers. */
export function columnMeans(rows: PlainRows): Float64Array {
  expectRows(rows, 'columnMeans');
  const {
    data,
    shape: [n, dim],
  } = rows;
  const sums = new Float64Array(dim);
  for (let row = 0, i = 0; row < n; row++) {
    for (let column = 0; column < dim; column++, i++) sums[column]! += data[i]!;
  }
  return sums.map((sum) => sum / n);
}

/** Every row less `row`, in double precision. */
export function subtractRow(rows: PlainRows, row: ArrayLike<number>): DoubleMatrix {
  expectRows(rows, 'subtractRow: rows');
  expectList(row, 'subtractRow: row');
  const {
    data,
    shape: [n, dim],
  } = rows;
  const out = new Float64Array(n * dim);
  for (let i = 0, at = 0; i < n; i++) {
    for (let column = 0; column < dim; column++, at++) out[at] = data[at]! - row[column]!;
  }
  return { data: out, shape: [n, dim] };
}
