import { inTurns, type Steps } from '@diptych/core';
import { divide, leadingColumns } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { svd } from '../linear-algebra/svd.ts';
import type { CcaView } from './cca.ts';
import { checkArguments, checkPairs } from './check-arguments.ts';
import type { Moments } from './moments.ts';
import { withSigns } from './sign-rule.ts';

/** Directions of two views, as plain data. */
export interface Pls {
  /** Covariances of the training pairs' projections, largest first. */
  readonly values: Float64Array;
  readonly x: CcaView;
  readonly y: CcaView;
}

export interface PlsOptions extends AlgebraOptions {
  /** How many directions to keep; default as many as the narrower view has columns. */
  readonly components?: number;
}

/**
 * Partial least squares by singular values of the cross-covariance (PLS-SVD, Bookstein 1994; `PLSSVD` of scikit-learn with
 * `scale=False`): orthonormal directions whose projections have the largest covariance. Nothing is inverted, so it asks for no
 * ridge, and is what CCA becomes as its ridge grows. Columns count by their scale. On each component the entry of `x` of largest
 * magnitude is positive. The event loop turns all the while; rejects with the reason of its signal.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for fewer than two pairs.
 */
export async function pls(of: Moments, options: PlsOptions = {}): Promise<Pls> {
  checkArguments('pls', { moments: [of], options });
  checkPairs('pls', of.n);
  return inTurns(plsSteps(of, options), options.signal);
}

function* plsSteps(of: Moments, { components, algebra = plainAlgebra }: PlsOptions): Steps<Pls> {
  const { u, values, v } = yield* svd(divide(of.xy, of.n - 1), algebra);
  const count = Math.min(values.length, components ?? values.length);
  const [a, b] = withSigns(leadingColumns(u, count), leadingColumns(v, count));
  return { values: values.slice(0, count), x: { mean: of.meanX, weights: a }, y: { mean: of.meanY, weights: b } };
}
