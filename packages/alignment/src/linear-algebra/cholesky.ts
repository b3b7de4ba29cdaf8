import { EmbeddingError, pieces, type Steps } from '@diptych/core';
import { type Matrix, transpose, zeros } from './matrix.ts';

/**
 * The lower triangle `l` of `a = l · lᵀ`. Only the lower triangle of `a` is read.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when `a` is not positive definite.
 */
export function* cholesky(a: Matrix): Steps<Matrix> {
  const n = a.shape[0];
  const l = zeros(n, n);
  const pause = pieces();
  for (let i = 0; i < n; i++) {
    choleskyRow(a, l, i);
    if (pause((i * i) / 2)) yield undefined;
  }
  yield undefined;
  return l;
}

function choleskyRow({ data, shape: [n] }: Matrix, l: Matrix, i: number): void {
  for (let j = 0; j <= i; j++) {
    let rest = data[i * n + j]!;
    for (let k = 0; k < j; k++) rest -= l.data[i * n + k]! * l.data[j * n + k]!;
    if (i === j && !(rest > 0)) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'cholesky',
        expected: 'a positive definite matrix',
        got: `pivot ${rest} at ${i}`,
      });
    }
    l.data[i * n + j] = i === j ? Math.sqrt(rest) : rest / l.data[j * n + j]!;
  }
}

/** `l⁻¹ · b` of a lower triangle. */
export function* solveLower(l: Matrix, b: Matrix): Steps<Matrix> {
  const rows = transpose(b);
  const out = zeros(...rows.shape);
  const pause = pieces();
  for (let i = 0; i < l.shape[0]; i++) {
    solveColumn(l, rows, out, i);
    if (pause(i * rows.shape[0])) yield undefined;
  }
  yield undefined;
  return transpose(out);
}

/** `l⁻ᵀ · b` of a lower triangle. */
export function* solveLowerTransposed(l: Matrix, b: Matrix): Steps<Matrix> {
  const [n, columns] = b.shape;
  const out = { data: b.data.slice(), shape: b.shape };
  const pause = pieces();
  for (let i = n - 1; i >= 0; i--) {
    takeAway(l, out, i);
    if (pause(i * columns)) yield undefined;
  }
  yield undefined;
  return out;
}

/** Number `i` of every row `x` of the result with `l · x = b`, `b` the row of `rows`. */
function solveColumn(l: Matrix, rows: Matrix, out: Matrix, i: number): void {
  const [count, n] = rows.shape;
  for (let row = 0; row < count; row++) {
    let sum = rows.data[row * n + i]!;
    for (let k = 0; k < i; k++) sum -= l.data[i * n + k]! * out.data[row * n + k]!;
    out.data[row * n + i] = sum / l.data[i * n + i]!;
  }
}

/** Row `i` of the result, and what the rows before lack of it. */
function takeAway(l: Matrix, { data, shape: [n, columns] }: Matrix, i: number): void {
  for (let c = 0; c < columns; c++) data[i * columns + c]! /= l.data[i * n + i]!;
  for (let k = 0; k < i; k++) {
    const factor = l.data[i * n + k]!;
    for (let c = 0; c < columns; c++) data[k * columns + c]! -= factor * data[i * columns + c]!;
  }
}
