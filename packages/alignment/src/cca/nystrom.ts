import { EmbeddingError, inTurns, type Steps } from '@diptych/core';
import { leadingColumns, type Rows, scaleColumns } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import type { CcaView } from './cca.ts';
import { checkArguments } from './check-arguments.ts';

export interface NystromOptions extends AlgebraOptions {
  /** Eigenvalues of at most this part of the largest are left out; default 1e-12. */
  readonly tolerance?: number;
}

/**
 * Features of a kernel by some rows that stand for all, the Nyström method of Williams and Seeger 2001 (`Nystroem` of
 * scikit-learn): `project` of a row's kernel values with those landmarks. Products of features are then the kernel, as nearly as the
 * landmarks tell it, so that `cca` of the features is kernel CCA of any number of rows in memory that grows with the landmarks
 * alone. Exact among the landmarks themselves. The event loop turns all the while; rejects with the reason of its signal.
 *
 * @param landmarks `[m, m]`, the kernel of each landmark with every other, not centred.
 * @returns Weights `[m, m]`, the symmetric inverse root.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when it is not square, `INPUT_INVALID` when it is of zeros alone.
 */
export async function nystrom(landmarks: Rows, options: NystromOptions = {}): Promise<CcaView> {
  checkArguments('nystrom', { rows: [landmarks], options });
  const [m, columns] = landmarks.shape;
  if (m !== columns)
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'nystrom', expected: `[${m},${m}]`, got: landmarks.shape });
  return inTurns(nystromSteps(landmarks, options), options.signal);
}

function* nystromSteps(
  { data, shape }: Rows,
  { tolerance = 1e-12, algebra = plainAlgebra }: NystromOptions,
): Steps<CcaView> {
  const { values, vectors } = yield* algebra.symmetricEigen({ data: Float64Array.from(data), shape });
  if (!(values[0]! > 0))
    throw new EmbeddingError('INPUT_INVALID', { where: 'nystrom', expected: 'a kernel above 0', got: values[0] });
  const kept = values.filter((value) => value > tolerance * values[0]!);
  const directions = leadingColumns(vectors, kept.length);
  const roots = kept.map((value) => 1 / Math.sqrt(value));
  const weights = yield* algebra.multiply(scaleColumns(directions, roots), directions, 'b');
  return { mean: new Float64Array(shape[0]), weights };
}
