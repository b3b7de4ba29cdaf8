import { EmbeddingError } from '@diptych/core';
import { type Matrix, transpose, zeros } from './matrix.ts';

/**
 * The lower triangle `l` of `a = l · lᵀ`. Only the lower triangle of `a` is read.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when `a` is not positive definite.
 */
export function cholesky({ data, shape: [n] }: Matrix): Matrix {
  const l = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = data[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= l.data[i * n + k]! * l.data[j * n + k]!;
      if (i === j && !(rest > 0)) {
        throw new EmbeddingError('INPUT_INVALID', `expected a positive definite matrix, got pivot ${rest} at ${i}`);
      }
      l.data[i * n + j] = i === j ? Math.sqrt(rest) : rest / l.data[j * n + j]!;
    }
  }
  return l;
}

/** `l⁻¹ · b` of a lower triangle. */
export function solveLower(l: Matrix, b: Matrix): Matrix {
  return transpose(solveRows(l, transpose(b)));
}

/** `l⁻ᵀ · b` of a lower triangle. */
export function solveLowerTransposed(l: Matrix, b: Matrix): Matrix {
  const [n, columns] = b.shape;
  const out = { data: b.data.slice(), shape: b.shape };
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < columns; c++) out.data[i * columns + c]! /= l.data[i * n + i]!;
    for (let k = 0; k < i; k++) {
      const factor = l.data[i * n + k]!;
      for (let c = 0; c < columns; c++) out.data[k * columns + c]! -= factor * out.data[i * columns + c]!;
    }
  }
  return out;
}

/** Every row `x` of the result satisfies `l · x = b`, `b` the row of `rows`. */
function solveRows(l: Matrix, rows: Matrix): Matrix {
  const [count, n] = rows.shape;
  const out = zeros(count, n);
  for (let i = 0; i < n; i++) {
    for (let row = 0; row < count; row++) {
      let sum = rows.data[row * n + i]!;
      for (let k = 0; k < i; k++) sum -= l.data[i * n + k]! * out.data[row * n + k]!;
      out.data[row * n + i] = sum / l.data[i * n + i]!;
    }
  }
  return out;
}
