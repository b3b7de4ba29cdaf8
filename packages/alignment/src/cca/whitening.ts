import { EmbeddingError, type LinearAlgebra, type Steps } from '@diptych/core';
import { addToDiagonal, leadingColumns, type Matrix, scaleColumns } from '../linear-algebra/matrix.ts';

/** A square root of the inverse of a covariance: `w` with `wᵀ (covariance + ridge I) w = I`. */
export interface Whitening {
  /** Number of columns of `w`. */
  readonly rank: number;
  /** `wᵀ · b`. */
  apply(b: Matrix): Steps<Matrix>;
  /** `w · b`. */
  back(b: Matrix): Steps<Matrix>;
}

export interface WhiteningOptions {
  readonly ridge: number;
  readonly tolerance: number;
  readonly algebra: LinearAlgebra;
}

/**
 * A ridge makes every direction count, so that two triangular solves do; without one, directions whose variance is at
 * most `tolerance` of the largest are left out.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when nothing varies.
 */
export function* whitening(covariance: Matrix, { ridge, tolerance, algebra }: WhiteningOptions): Steps<Whitening> {
  if (ridge > 0) {
    const lower = yield* algebra.cholesky(addToDiagonal(covariance, ridge));
    return {
      rank: covariance.shape[0],
      apply: (b) => algebra.solveLower(lower, b),
      back: (b) => algebra.solveLower(lower, b, 'transposed'),
    };
  }
  const { values, vectors } = yield* algebra.symmetricEigen(covariance);
  if (!(values[0]! > 0))
    throw new EmbeddingError('INPUT_INVALID', { where: 'cca', expected: 'a column that varies', got: 'constants' });
  const kept = values.filter((value) => value > tolerance * values[0]!);
  const w = scaleColumns(
    leadingColumns(vectors, kept.length),
    kept.map((value) => 1 / Math.sqrt(value)),
  );
  return {
    rank: kept.length,
    apply: (b) => algebra.multiply(w, b, 'a'),
    back: (b) => algebra.multiply(w, b),
  };
}
