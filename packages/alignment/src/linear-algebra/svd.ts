import { type LinearAlgebra, seededRandom, type Steps } from '@diptych/core';
import { type Matrix, transpose } from './matrix.ts';

/** `a = u · diag(values) · vᵀ` with `min(rows, columns)` values, largest first. */
export interface Svd {
  readonly u: Matrix;
  readonly values: Float64Array;
  readonly v: Matrix;
}

/**
 * Singular values by eigenvectors of products of the rows with one another. Those tell values apart down to the root of
 * what they are exact to, so values below a part of the largest wait for a turn of their own, on what is left of the rows
 * without the directions found: every value is exact to some 1e-14 of the largest, as by a direct method, and the product of
 * the three to some 1e-12.
 */
export function* svd(a: Matrix, algebra: LinearAlgebra): Steps<Svd> {
  const [m, n] = a.shape;
  if (m > n) {
    const { u, values, v } = yield* svd(transpose(a), algebra);
    return { u: v, values, v: u };
  }
  const found = { u: [] as Float64Array[], values: [] as number[], v: [] as Float64Array[] };
  let rest: Rest = { left: identity(m), rows: a };
  while (rest.rows.shape[0] > 0) {
    const turned = yield* rightAngled(rest, algebra);
    const norms = rowNorms(turned.rows);
    const largest = norms.reduce((x, y) => Math.max(x, y), 0);
    const least = Math.max(part * largest, Number.EPSILON * n * Math.max(largest, ...found.values.slice(0, 1)));
    const count = norms.findIndex((norm) => !(norm > least));
    const taken = count < 0 ? norms.length : count;
    if (taken === 0) {
      rest = turned;
      break;
    }
    for (let i = 0; i < taken; i++) {
      found.u.push(columnOf(turned.left, i));
      found.values.push(norms[i]!);
      found.v.push(rowOf(turned.rows, i).map((value) => value / norms[i]!));
    }
    rest = yield* without(turned, found.v.slice(-taken), algebra);
  }
  return yield* assembled(found, rest, { columns: n, algebra });
}

/** Smallest part of the largest value of one turn; its directions are at right angles to 1e-15 over its square. */
const part = 0.1;

/** What is left of a matrix: `left · rows`, whose `left` has orthonormal columns. */
interface Rest {
  readonly left: Matrix;
  readonly rows: Matrix;
}

/** The same product with rows at right angles, the longest first. */
function* rightAngled({ left, rows }: Rest, algebra: LinearAlgebra): Steps<Rest> {
  const { vectors } = yield* algebra.symmetricEigen(yield* algebra.gram(transpose(rows)));
  return { left: yield* algebra.multiply(left, vectors), rows: yield* algebra.multiply(vectors, rows, 'a') };
}

/** Without the first rows, whose directions are `directions`, and which others may still have a trace of. */
function* without({ left, rows }: Rest, directions: readonly Float64Array[], algebra: LinearAlgebra): Steps<Rest> {
  const [count, [m, n]] = [directions.length, rows.shape];
  const kept: Matrix = { data: rows.data.slice(count * n), shape: [m - count, n] };
  return { left: columnsFrom(left, count), rows: yield* away(kept, matrixOf(directions, n), algebra) };
}

/** Rows less their parts along orthonormal `directions`. */
function* away(rows: Matrix, directions: Matrix, algebra: LinearAlgebra): Steps<Matrix> {
  if (rows.shape[0] === 0 || directions.shape[0] === 0) return rows;
  const along = yield* algebra.multiply(yield* algebra.multiply(rows, directions, 'b'), directions);
  return { data: rows.data.map((value, i) => value - along.data[i]!), shape: rows.shape };
}

interface Found {
  readonly u: readonly Float64Array[];
  readonly values: readonly number[];
  readonly v: readonly Float64Array[];
}

function* assembled(
  { u, values, v }: Found,
  rest: Rest,
  { columns, algebra }: { readonly columns: number; readonly algebra: LinearAlgebra },
): Steps<Svd> {
  const zeros = rest.rows.shape[0];
  const right = yield* straightened(matrixOf(v, columns), algebra);
  const more = zeros > 0 ? yield* orthonormalBeside(right, zeros, algebra) : { data: new Float64Array(0) };
  const left = [...u, ...Array.from({ length: zeros }, (_, i) => columnOf(rest.left, i))];
  const all: Matrix = { data: joined(right.data, more.data), shape: [values.length + zeros, columns] };
  const order = [...values, ...Array.from({ length: zeros }, () => 0)].map((value, i) => [value, i] as const);
  const places = order.toSorted(([x], [y]) => y - x).map(([, i]) => i);
  return {
    u: transpose(
      matrixOf(
        places.map((i) => left[i]!),
        rest.left.shape[0],
      ),
    ),
    values: Float64Array.from(places, (i) => values[i] ?? 0),
    v: transpose(
      matrixOf(
        places.map((i) => rowOf(all, i)),
        columns,
      ),
    ),
  };
}

/** Rows that are orthonormal but for some 1e-13, made so: one step of Newton and Schulz. */
function* straightened(v: Matrix, algebra: LinearAlgebra): Steps<Matrix> {
  if (v.shape[0] === 0) return v;
  const products = yield* algebra.multiply(yield* algebra.gram(transpose(v)), v);
  return { data: v.data.map((value, i) => 1.5 * value - 0.5 * products.data[i]!), shape: v.shape };
}

/** `count` more orthonormal rows at right angles to all of `v`, from random ones: twice is enough. */
function* orthonormalBeside(v: Matrix, count: number, algebra: LinearAlgebra): Steps<Matrix> {
  const columns = v.shape[1];
  const random = seededRandom(1);
  let rows: Matrix = {
    data: Float64Array.from({ length: count * columns }, () => 2 * random() - 1),
    shape: [count, columns],
  };
  for (let pass = 0; pass < 3; pass++) {
    rows = yield* away(rows, v, algebra);
    rows = yield* algebra.solveLower(yield* algebra.cholesky(yield* algebra.gram(transpose(rows))), rows);
  }
  return rows;
}

function identity(n: number): Matrix {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  return { data, shape: [n, n] };
}

function rowOf({ data, shape: [, n] }: Matrix, i: number): Float64Array {
  return data.subarray(i * n, (i + 1) * n);
}

function columnOf({ data, shape: [m, n] }: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: m }, (_, i) => data[i * n + j]!);
}

function columnsFrom(a: Matrix, first: number): Matrix {
  const turned = transpose(a);
  const [n, m] = turned.shape;
  return transpose({ data: turned.data.slice(first * m), shape: [n - first, m] });
}

function matrixOf(rows: readonly Float64Array[], columns: number): Matrix {
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => data.set(row, i * columns));
  return { data, shape: [rows.length, columns] };
}

function rowNorms({ data, shape: [m, n] }: Matrix): number[] {
  return Array.from({ length: m }, (_, i) => {
    let squares = 0;
    for (let at = i * n; at < (i + 1) * n; at++) squares += data[at]! ** 2;
    return Math.sqrt(squares);
  });
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
