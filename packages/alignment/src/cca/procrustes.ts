import { EmbeddingError } from '@diptych/core';
import { svd } from '../linear-algebra/decompositions.ts';
import { type Matrix, multiply, multiplyTransposed, type Rows, transpose } from '../linear-algebra/matrix.ts';

/**
 * Orthogonal matrix `[d, d]` that brings the rows of `a` nearest to those of `b`, Schönemann 1966: it minimises
 * `‖a · rotation − b‖`. Rows are neither centred nor scaled.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the shapes differ.
 */
export function procrustes(a: Rows, b: Rows): Matrix {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1]) {
    throw new EmbeddingError(
      'SHAPE_MISMATCH',
      `procrustes: expected two of one shape, got [${a.shape}] and [${b.shape}]`,
    );
  }
  const { u, v } = svd(multiply(transpose(a), toMatrix(b)));
  return multiplyTransposed(u, v);
}

function toMatrix({ data, shape }: Rows): Matrix {
  return { data: Float64Array.from(data), shape };
}
