import { inTurns, type Steps } from '@diptych/core';
import { addToDiagonal, divide, type Matrix, scaleColumns } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { cca, type CcaOptions, type CcaView, weightedView } from './cca.ts';
import { checkArguments } from './check-arguments.ts';
import type { Moments } from './moments.ts';

/** What two views have in common as a random vector that neither shows without noise, as plain data. */
export interface ProbabilisticCca {
  /** Correlations, largest first. */
  readonly values: Float64Array;
  readonly x: ProbabilisticView;
  readonly y: ProbabilisticView;
  /** Of each component of what is common, whose variance is 1, what is left of it when one view is known, and when both are. */
  readonly variance: Readonly<Record<'one' | 'both', Float64Array>>;
}

/** One side. `project` gives the expectation of what is common where this view alone is known. */
export interface ProbabilisticView extends CcaView {
  /** Where the other view is known too: the projections of both, added, are the expectation. */
  readonly both: CcaView;
  /** `[columns, components]`: how what is common shows in the columns. */
  readonly loadings: Matrix;
  /** `[columns, columns]`: the covariance of the rest. */
  readonly noise: Matrix;
}

/**
 * The maximum-likelihood model `x = Wx z + mean + noise`, `y = Wy z + mean + noise` of Bach and Jordan 2005, whose noise is any
 * Gaussian of either view. Of its many solutions the one whose loadings are `covariance · weights · √correlation`.
 *
 * @param options As of `cca`; a ridge counts as noise of either view.
 * @throws {EmbeddingError} As `cca`.
 */
export async function probabilisticCca(of: Moments, options: CcaOptions = {}): Promise<ProbabilisticCca> {
  const { values, x, y } = await cca(of, options);
  const { ridge = [0, 0] } = options;
  return {
    values,
    x: await viewOf(x, values, { moments: of.xx, n: of.n, ridge: ridge[0] }, options),
    y: await viewOf(y, values, { moments: of.yy, n: of.n, ridge: ridge[1] }, options),
    variance: {
      one: values.map((value) => 1 - value),
      both: values.map((value) => (1 - value) / (1 + value)),
    },
  };
}

interface Spread {
  readonly moments: Matrix;
  readonly n: number;
  readonly ridge: number;
}

async function viewOf(
  view: CcaView,
  values: Float64Array,
  spread: Spread,
  options: AlgebraOptions,
): Promise<ProbabilisticView> {
  checkArguments('probabilisticCca', { view });
  const halves = values.map((value) => Math.sqrt(value) / (1 + value));
  return {
    ...weightedView(view, values, 0.5),
    both: { mean: view.mean, weights: scaleColumns(view.weights, halves) },
    ...(await inTurns(noiseOf(view, values, spread, options), options.signal)),
  };
}

function* noiseOf(
  { weights }: CcaView,
  values: Float64Array,
  { moments, n, ridge }: Spread,
  { algebra = plainAlgebra }: AlgebraOptions,
): Steps<Pick<ProbabilisticView, 'loadings' | 'noise'>> {
  const covariance = addToDiagonal(divide(moments, n - 1), ridge);
  const loadings = scaleColumns(yield* algebra.multiply(covariance, weights), values.map(Math.sqrt));
  const shown = yield* algebra.multiply(loadings, loadings, 'b');
  return {
    loadings,
    noise: { data: covariance.data.map((value, i) => value - shown.data[i]!), shape: moments.shape },
  };
}
