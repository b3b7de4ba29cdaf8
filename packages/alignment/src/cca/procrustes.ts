import { EmbeddingError, inTurns, type Steps } from '@diptych/core';
import type { Matrix, Rows } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { svd } from '../linear-algebra/svd.ts';
import { checkArguments } from './check-arguments.ts';

/**
 * Orthogonal matrix `[d, d]` that brings the rows of `a` nearest to those of `b`, Schönemann 1966: it minimises
 * `‖a · rotation − b‖`. Rows are neither centred nor scaled. The event loop turns all the while; rejects with the reason of
 * its signal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the shapes differ.
 */
export async function procrustes(a: Rows, b: Rows, options: AlgebraOptions = {}): Promise<Matrix> {
  checkArguments('procrustes', { rows: [a, b], options });
  return inTurns(procrustesSteps(a, b, options), options.signal);
}

/** `procrustes` in pieces. */
export function* procrustesSteps(a: Rows, b: Rows, { algebra = plainAlgebra }: AlgebraOptions): Steps<Matrix> {
  if (a.shape[0] !== b.shape[0] || a.shape[1] !== b.shape[1]) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'procrustes',
      expected: 'two of one shape',
      got: `[${a.shape}] and [${b.shape}]`,
    });
  }
  const { u, v } = yield* svd(yield* algebra.multiply(toMatrix(a), toMatrix(b), 'a'), algebra);
  return yield* algebra.multiply(u, v, 'b');
}

function toMatrix({ data, shape }: Rows): Matrix {
  return { data: Float64Array.from(data), shape };
}
