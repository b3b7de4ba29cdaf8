import { EmbeddingError, inTurns, type Steps, subtractRow } from '@diptych/core';
import type { Matrix, Rows } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import type { CcaView } from './cca.ts';
import { checkArguments } from './check-arguments.ts';

/**
 * Rows in the common space: `(rows - mean) · weights`, `[n, components]`. The event loop turns all the while; rejects with the
 * reason of its signal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the rows have other columns than the view.
 */
export async function project(view: CcaView, rows: Rows, options: AlgebraOptions = {}): Promise<Matrix> {
  checkArguments('project', { view, rows: [rows], options });
  return inTurns(projectSteps(view, rows, options), options.signal);
}

/** `project` in pieces. */
export function* projectSteps(
  { mean, weights }: CcaView,
  rows: Rows,
  { algebra = plainAlgebra }: AlgebraOptions,
): Steps<Matrix> {
  if (rows.shape[1] !== mean.length) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'project',
      expected: `${mean.length} columns`,
      got: rows.shape[1],
    });
  }
  return yield* algebra.multiply(subtractRow(rows, mean), weights);
}
