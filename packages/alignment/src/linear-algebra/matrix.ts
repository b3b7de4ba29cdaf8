import { pieces, pieceSize, type Steps } from '@diptych/core';

/** Numbers in rows, row-major. `Embeddings` are such, so they can be given as they are. */
export interface Rows {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly [rows: number, columns: number];
}

/** Rows in double precision. */
export interface Matrix extends Rows {
  readonly data: Float64Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { data: new Float64Array(rows * columns), shape: [rows, columns] };
}

/** Of the squares of `transpose`. */
const side = 32;

export function transpose({ data, shape: [rows, columns] }: Rows): Matrix {
  const out = zeros(columns, rows);
  // By squares: a cache line of both is used up before it is gone.
  for (let top = 0; top < rows; top += side) {
    for (let left = 0; left < columns; left += side) {
      const [bottom, right] = [Math.min(rows, top + side), Math.min(columns, left + side)];
      for (let j = left; j < right; j++) {
        for (let i = top; i < bottom; i++) out.data[j * rows + i] = data[i * columns + j]!;
      }
    }
  }
  return out;
}

/** `a · b`. */
export function multiply(a: Matrix, b: Matrix): Steps<Matrix> {
  return multiplyTransposed(a, transpose(b));
}

/** `a · bᵀ`. */
export function* multiplyTransposed(a: Matrix, b: Matrix): Steps<Matrix> {
  const [n, m] = [a.shape[0], b.shape[0]];
  const out = zeros(n, m);
  yield* eachProduct(a, b, 'all', (i, j, value) => (out.data[i * m + j] = value));
  return out;
}

/** `a · aᵀ`, exactly symmetric. */
export function* multiplyBySelf(a: Matrix): Steps<Matrix> {
  const n = a.shape[0];
  const out = zeros(n, n);
  yield* eachProduct(a, a, 'below', (i, j, value) => {
    out.data[i * n + j] = value;
    out.data[j * n + i] = value;
  });
  return out;
}

/** `columns[j]` times `factors[j]`. */
export function scaleColumns({ data, shape }: Matrix, factors: ArrayLike<number>): Matrix {
  const [rows, columns] = shape;
  const out = new Float64Array(data.length);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) out[at] = data[at]! * factors[j]!;
  }
  return { data: out, shape };
}

/** Every entry over `by`: of sums of products, over `n - 1`, covariances. */
export function divide({ data, shape }: Matrix, by: number): Matrix {
  return { data: data.map((value) => value / by), shape };
}

/** Products of the entries at each place. */
export function multiplyElements(a: Matrix, b: Matrix): Matrix {
  return { data: a.data.map((value, i) => value * b.data[i]!), shape: a.shape };
}

/** The first `count` columns. */
export function leadingColumns({ data, shape: [rows, columns] }: Matrix, count: number): Matrix {
  const out = zeros(rows, count);
  for (let i = 0; i < rows; i++) out.data.set(data.subarray(i * columns, i * columns + count), i * count);
  return out;
}

/** `a + value · I`. */
export function addToDiagonal({ data, shape }: Matrix, value: number): Matrix {
  const out = data.slice();
  for (let i = 0; i < shape[0]; i++) out[i * shape[1] + i]! += value;
  return { data: out, shape };
}

type Take = (i: number, j: number, value: number) => void;

/**
 * Dot products of the rows of `a` with those of `b`, four rows of `b` at a time, so that a row of `a` is read less often;
 * `below` leaves out what lies above the diagonal.
 */
function* eachProduct(a: Matrix, b: Matrix, part: 'all' | 'below', take: Take): Steps<void> {
  const [n, length] = a.shape;
  const pause = pieces();
  const height = Math.max(1, Math.floor(pieceSize / (4 * length)));
  for (let j = 0; j < b.shape[0]; j += 4) {
    for (let i = part === 'below' ? j : 0; i < n; i += height) {
      const end = Math.min(n, i + height);
      productsWithFour([a, i, end], [b, j], take);
      if (pause(4 * length * (end - i))) yield undefined;
    }
  }
  yield undefined;
}

function productsWithFour(
  [a, first, end]: readonly [Matrix, number, number],
  [b, j]: readonly [Matrix, number],
  take: Take,
): void {
  const [m, length] = b.shape;
  const at = [j, j + 1, j + 2, j + 3].map((row) => Math.min(row, m - 1) * length) as [number, number, number, number];
  for (let i = first; i < end; i++) {
    const sums = dots(a.data, i * length, b.data, at, length);
    for (let k = 0; k < 4 && j + k < m; k++) take(i, j + k, sums[k]!);
  }
}

function dots(
  a: Float64Array,
  from: number,
  b: Float64Array,
  [b0, b1, b2, b3]: readonly [number, number, number, number],
  length: number,
): [number, number, number, number] {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let k = 0; k < length; k++) {
    const value = a[from + k]!;
    s0 += value * b[b0 + k]!;
    s1 += value * b[b1 + k]!;
    s2 += value * b[b2 + k]!;
    s3 += value * b[b3 + k]!;
  }
  return [s0, s1, s2, s3];
}
