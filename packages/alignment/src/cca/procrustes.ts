import { EmbeddingError } from '@diptych/core';
import type { Matrix, Rows } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { svd } from '../linear-algebra/svd.ts';

/**
 * Orthogonal matrix `[d, d]` that brings the rows of `a` nearest to those of `b`, Schönemann 1966: it minimises
 * `‖a · rotation − b‖`. Rows are neither centred nor scaled.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the shapes differ.
 */
export function procrustes(a: Rows, b: Rows, { algebra = plainAlgebra }: AlgebraOptions = {}): Matrix {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1]) {
    throw new EmbeddingError(
      'SHAPE_MISMATCH',
      `procrustes: expected two of one shape, got [${a.shape}] and [${b.shape}]`,
    );
  }
  const { u, v } = svd(algebra.multiply(toMatrix(a), toMatrix(b), 'a'), algebra);
  return algebra.multiply(u, v, 'b');
}

function toMatrix({ data, shape }: Rows): Matrix {
  return { data: Float64Array.from(data), shape };
}
