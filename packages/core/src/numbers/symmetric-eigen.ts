import { expectRows } from '../arguments.ts';
import { EmbeddingError } from '../error.ts';
import type { DoubleMatrix as Matrix, Eigen } from '../linear-algebra.ts';
import type { Steps } from '../steps.ts';
import { pieces } from './pieces.ts';

/** Largest number of sweeps for one value. */
const sweeps = 60;
/** Beside numbers of about 1 nothing, and its square has lost digits. */
const tiny = 1e-140;

/**
 * `a = vectors · diag(values) · vectorsᵀ` of a symmetric matrix, largest value first: Householder's reflections, and QL with
 * implicit shifts, whose rotations go to rows.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for numbers that are not finite.
 */
export function* symmetricEigen(a: Matrix): Steps<Eigen> {
  expectRows(a, 'symmetricEigen');
  const n = a.shape[0];
  const unit = eigenUnit(a.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  const tridiagonal = yield* tridiagonalize({ data: a.data.map((value) => value / unit), shape: a.shape });
  const rows = yield* reflected(tridiagonal);
  yield* diagonalize(tridiagonal, rows);
  const { diagonal } = tridiagonal;
  const order = Array.from(diagonal.keys()).toSorted((i, j) => diagonal[j]! - diagonal[i]!);
  const vectors = zeros(n);
  order.forEach((row, i) => rowOf(rows, row).forEach((value, j) => (vectors.data[j * n + i] = value)));
  return { values: Float64Array.from(order, (i) => unit * diagonal[i]!), vectors };
}

/**
 * A power of two by which a matrix is divided before its eigenvalues are looked for: it changes no digit, and keeps squares in
 * range.
 *
 * @param largest Of the absolute values.
 * @throws {EmbeddingError} `INPUT_INVALID` where that is not finite.
 */
export function eigenUnit(largest: number): number {
  if (Number.isFinite(largest)) return largest > 0 ? 2 ** Math.floor(Math.log2(largest)) : 1;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'eigenvalues',
    expected: 'finite numbers',
    got: `up to ${largest}`,
  });
}

/** `a = q · t · qᵀ`, where `q` is the product of the reflections `1 - tau v vᵀ`. */
interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Beside the diagonal; the last is 0. */
  readonly beside: Float64Array;
  readonly taus: Float64Array;
  /** In rows; the numbers up to the diagonal are 0. */
  readonly v: Matrix;
}

function* tridiagonalize(a: Matrix): Steps<Tridiagonal> {
  const n = a.shape[0];
  const [diagonal, beside, taus] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const v = zeros(n);
  const pause = pieces();
  for (let k = 0; k < n; k++) {
    diagonal[k] = a.data[k * n + k]!;
    if (k + 1 === n) break;
    const vector = rowOf(v, k);
    for (let i = k + 1; i < n; i++) vector[i] = a.data[i * n + k]!;
    [beside[k], taus[k]] = reflection(vector, k + 1) as [number, number];
    if (taus[k] !== 0) reflectBothSides(a, vector, taus[k]!, k + 1);
    if (pause(4 * (n - k) ** 2)) yield undefined;
  }
  return { diagonal, beside, taus, v };
}

/** Makes of `x` from `from` on the vector of a reflection after which only the first number there is left, and gives both. */
function reflection(x: Float64Array, from: number): readonly [left: number, tau: number] {
  const first = x[from]!;
  let squares = 0;
  for (let i = from + 1; i < x.length; i++) squares += x[i]! ** 2;
  x[from] = 1;
  if (squares < tiny ** 2) {
    x.fill(0, from + 1);
    return [first, 0];
  }
  const norm = Math.sqrt(first * first + squares);
  const left = first > 0 ? -norm : norm;
  for (let i = from + 1; i < x.length; i++) x[i]! /= first - left;
  return [left, (left - first) / left];
}

/** The part of `a` from `from` on, of which only the lower triangle counts, becomes `h a h`, `h = 1 - tau v vᵀ`. */
function reflectBothSides({ data, shape: [n] }: Matrix, v: Float64Array, tau: number, from: number): void {
  const w = new Float64Array(n);
  for (let i = from; i < n; i++) {
    const own = v[i]!;
    const diagonal = i * n + i;
    let sum = data[diagonal]! * own;
    for (let j = from, at = i * n + from; at < diagonal; j++, at++) {
      const value = data[at]!;
      sum += value * v[j]!;
      w[j]! += value * own;
    }
    w[i]! += sum;
  }
  let overlap = 0;
  for (let i = from; i < n; i++) overlap += w[i]! * v[i]!;
  for (let i = from; i < n; i++) w[i] = tau * (w[i]! - 0.5 * tau * overlap * v[i]!);
  for (let i = from; i < n; i++) {
    const left = v[i]!;
    const right = w[i]!;
    const diagonal = i * n + i;
    for (let j = from, at = i * n + from; at <= diagonal; j++, at++) data[at]! -= left * w[j]! + right * v[j]!;
  }
}

/** `qᵀ`. */
function* reflected({ v, taus }: Tridiagonal): Steps<Matrix> {
  const n = taus.length;
  const q = zeros(n);
  for (let i = 0; i < n; i++) q.data[i * n + i] = 1;
  const pause = pieces();
  for (let k = n - 2; k >= 0; k--) {
    reflectRows(q, rowOf(v, k), taus[k]!, k + 1);
    if (pause(2 * (n - k) ** 2)) yield undefined;
  }
  return q;
}

/** Rows from `from` on, which are 0 before it, times `1 - tau v vᵀ`. */
function reflectRows(rows: Matrix, v: Float64Array, tau: number, from: number): void {
  for (let i = from; i < v.length; i++) {
    const row = rowOf(rows, i);
    let sum = 0;
    for (let j = from; j < v.length; j++) sum += row[j]! * v[j]!;
    for (let j = from; j < v.length; j++) row[j]! -= tau * sum * v[j]!;
  }
}

function* diagonalize({ diagonal, beside }: Tridiagonal, rows: Matrix): Steps<void> {
  const n = diagonal.length;
  const pause = pieces();
  // Rounding of the largest numbers is in all of them.
  const least = Number.EPSILON * diagonal.reduce((most, d, i) => Math.max(most, Math.abs(d) + Math.abs(beside[i]!)), 0);
  for (let l = 0; l < n; l++) {
    for (let count = 0, m = splitAfter(beside, l, least); m > l; m = splitAfter(beside, l, least)) {
      if (count++ === sweeps)
        throw new EmbeddingError('INPUT_INVALID', { where: 'eigenvalues', expected: 'convergence', got: 'none' });
      sweep({ diagonal, beside, rows }, l, m);
      if (pause(4 * n * (m - l))) yield undefined;
    }
  }
}

/** The first place from `l` on beside which nothing is left; beside the last there is 0. */
function splitAfter(beside: Float64Array, l: number, least: number): number {
  for (let m = l; ; m++) if (Math.abs(beside[m]!) <= least) return m;
}

interface Turned {
  readonly diagonal: Float64Array;
  readonly beside: Float64Array;
  readonly rows: Matrix;
}

/** One step of QL from `m` down to `l`, Wilkinson's shift. */
function sweep({ diagonal: d, beside: e, rows }: Turned, l: number, m: number): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.hypot(half, 1);
  let g = d[m]! - d[l]! + e[l]! / (half + (half < 0 ? -root : root));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotate(rows, i, c, s);
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}

function rotate({ data, shape: [, n] }: Matrix, row: number, c: number, s: number): void {
  for (let i = row * n, j = i + n; i < row * n + n; i++, j++) {
    const lower = data[i]!;
    const upper = data[j]!;
    data[i] = c * lower - s * upper;
    data[j] = s * lower + c * upper;
  }
}

function rowOf({ data, shape: [, n] }: Matrix, i: number): Float64Array {
  return data.subarray(i * n, (i + 1) * n);
}

function zeros(n: number): Matrix {
  return { data: new Float64Array(n * n), shape: [n, n] };
}
