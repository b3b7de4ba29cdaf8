import { EmbeddingError, expectList, inTurns, type Steps } from '@diptych/core';
import { divide, leadingColumns, type Matrix, scaleColumns, transpose } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { svd } from '../linear-algebra/svd.ts';
import type { Moments } from './moments.ts';
import { withSigns } from './sign-rule.ts';
import { whitening } from './whitening.ts';
import { checkArguments, checkPairs } from './check-arguments.ts';

/** Directions of two views whose projections correlate most, as plain data. */
export interface Cca {
  /**
   * Largest first, in `[0, 1]`. Correlations of the training pairs' projections; with a ridge they are singular values
   * and lie below those correlations.
   */
  readonly values: Float64Array;
  readonly x: CcaView;
  readonly y: CcaView;
  /** Why the values may say nothing of new pairs; empty when all is well. */
  readonly warnings: readonly CcaWarning[];
}

/** One side: a row projects to `(row - mean) · weights`. */
export interface CcaView {
  readonly mean: Float64Array;
  /** `[columns, components]`; on each column, the entry of `x` with the largest magnitude is positive. */
  readonly weights: Matrix;
}

export interface CcaWarning {
  readonly code: 'RANK_DEFICIENT' | 'TOO_FEW_ROWS';
  readonly message: string;
}

export interface CcaOptions extends AlgebraOptions {
  /** How many directions to keep; default all, at most the smaller rank. */
  readonly components?: number;
  /** Added to the variance of every column of x and of y; default 0. See `relativeRidge`. */
  readonly ridge?: readonly [x: number, y: number];
  /** Without a ridge, directions with at most this part of the largest variance are left out; default 1e-10. */
  readonly tolerance?: number;
}

/**
 * Exact linear CCA, Hotelling 1936, by the singular values of the whitened cross-covariance. Projections of the training
 * rows have unit variance: `weightsᵀ (covariance + ridge I) weights = I`. The event loop turns all the while; rejects with the
 * reason of its signal.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for fewer than two pairs or a ridge below 0.
 */
export async function cca(of: Moments, options: CcaOptions = {}): Promise<Cca> {
  checkArguments('cca', { moments: [of], options });
  return inTurns(ccaSteps(of, options), options.signal);
}

/** `cca` in pieces. */
export function* ccaSteps(of: Moments, options: CcaOptions): Steps<Cca> {
  const { components, ridge = [0, 0], tolerance = 1e-10, algebra = plainAlgebra } = options;
  checkPairs('cca', of.n);
  if (!(ridge[0] >= 0 && ridge[1] >= 0))
    throw new EmbeddingError('INPUT_INVALID', { where: 'cca', expected: 'a ridge of at least 0', got: ridge });
  const covariance = (sums: Matrix): Matrix => divide(sums, of.n - 1);
  const x = yield* whitening(covariance(of.xx), { ridge: ridge[0], tolerance, algebra });
  const y = yield* whitening(covariance(of.yy), { ridge: ridge[1], tolerance, algebra });
  const half = transpose(yield* x.apply(covariance(of.xy)));
  const { u, values, v } = yield* svd(transpose(yield* y.apply(half)), algebra);
  const count = Math.min(values.length, components ?? values.length);
  const [a, b] = withSigns(yield* x.back(leadingColumns(u, count)), yield* y.back(leadingColumns(v, count)));
  return {
    values: values.slice(0, count),
    x: { mean: of.meanX, weights: a },
    y: { mean: of.meanY, weights: b },
    warnings: [...warningsOf('x', of.meanX.length, x.rank), ...warningsOf('y', of.meanY.length, y.rank)],
  };

  function warningsOf(view: string, columns: number, rank: number): CcaWarning[] {
    if (rank === columns && of.n > columns) return [];
    const code = of.n > columns ? 'RANK_DEFICIENT' : 'TOO_FEW_ROWS';
    const message = `cca: ${view} has ${columns} columns, of rank ${rank}, in ${of.n} rows`;
    return ridge[view === 'x' ? 0 : 1] > 0 ? [] : [{ code, message }];
  }
}

/** A ridge for `cca` as a part of the mean variance of each view, chosen on validation pairs: 1e-4 to 1. */
export function relativeRidge(of: Moments, part: number): [x: number, y: number] {
  checkArguments('relativeRidge', { moments: [of] });
  const { n, xx, yy } = of;
  return [xx, yy].map(({ data, shape: [size] }) => {
    let trace = 0;
    for (let i = 0; i < size; i++) trace += data[i * size + i]!;
    return (part * trace) / (n - 1) / size;
  }) as [number, number];
}

/** A view whose projections are scaled by `values ** power`, Gong et al. 2014, for retrieval by cosine. */
export function weightedView(view: CcaView, values: Float64Array, power = 4): CcaView {
  checkArguments('weightedView', { view });
  expectList(values, 'weightedView: values');
  const { mean, weights } = view;
  return {
    mean,
    weights: scaleColumns(
      weights,
      values.map((value) => value ** power),
    ),
  };
}
