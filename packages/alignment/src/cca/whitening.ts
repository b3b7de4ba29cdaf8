import { EmbeddingError } from '@diptych/core';
import { symmetricEigen } from '../linear-algebra/decompositions.ts';
import {
  addToDiagonal,
  leadingColumns,
  type Matrix,
  multiply,
  scaleColumns,
  transpose,
} from '../linear-algebra/matrix.ts';
import { cholesky, solveLower, solveLowerTransposed } from '../linear-algebra/cholesky.ts';

/** A square root of the inverse of a covariance: `w` with `wᵀ (covariance + ridge I) w = I`. */
export interface Whitening {
  /** Number of columns of `w`. */
  readonly rank: number;
  /** `wᵀ · b`. */
  apply(b: Matrix): Matrix;
  /** `w · b`. */
  back(b: Matrix): Matrix;
}

/**
 * A ridge makes every direction count, so that two triangular solves do; without one, directions whose variance is at
 * most `tolerance` of the largest are left out.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when nothing varies.
 */
export function whitening(covariance: Matrix, ridge: number, tolerance: number): Whitening {
  if (ridge > 0) {
    const lower = cholesky(addToDiagonal(covariance, ridge));
    return {
      rank: covariance.shape[0],
      apply: (b) => solveLower(lower, b),
      back: (b) => solveLowerTransposed(lower, b),
    };
  }
  const { values, vectors } = symmetricEigen(covariance);
  if (!(values[0]! > 0)) throw new EmbeddingError('INPUT_INVALID', 'cca: expected a column that varies, got constants');
  const kept = values.filter((value) => value > tolerance * values[0]!);
  const w = scaleColumns(
    leadingColumns(vectors, kept.length),
    kept.map((value) => 1 / Math.sqrt(value)),
  );
  const transposed = transpose(w);
  return {
    rank: kept.length,
    apply: (b) => multiply(transposed, b),
    back: (b) => multiply(w, b),
  };
}
