import { EmbeddingError, subtractRow } from '@diptych/core';
import type { Matrix, Rows } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import type { CcaView } from './cca.ts';

/**
 * Rows in the common space: `(rows - mean) · weights`, `[n, components]`.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the rows have other columns than the view.
 */
export function project(
  { mean, weights }: CcaView,
  rows: Rows,
  { algebra = plainAlgebra }: AlgebraOptions = {},
): Matrix {
  if (rows.shape[1] !== mean.length) {
    throw new EmbeddingError('SHAPE_MISMATCH', `project: expected ${mean.length} columns, got ${rows.shape[1]}`);
  }
  return algebra.multiply(subtractRow(rows, mean), weights);
}
