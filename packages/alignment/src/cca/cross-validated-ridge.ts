import { EmbeddingError, expectItems, inTurns, type Steps } from '@diptych/core';
import type { Matrix } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { type Cca, ccaSteps, relativeRidge } from './cca.ts';
import { checkArguments } from './check-arguments.ts';
import { mergeMoments, type Moments } from './moments.ts';

export interface RidgeSearchOptions extends AlgebraOptions {
  /** How many directions count; default all. */
  readonly components?: number;
  /** Parts of the mean variance of each view that are tried; default 1e-4, 1e-3, … 1. */
  readonly parts?: readonly number[];
  /** `true` tries each part of x with each of y; default the same part for both. */
  readonly separately?: boolean;
}

export interface RidgeScore {
  /** Of the mean variance of x and of y. */
  readonly parts: readonly [x: number, y: number];
  /** Correlations of projections of pairs that were left out, added over the directions: the mean of the folds. */
  readonly score: number;
}

export interface RidgeSearch extends RidgeScore {
  /** For `cca` of all pairs. */
  readonly ridge: readonly [x: number, y: number];
  /** Of all that were tried, in their order. */
  readonly scores: readonly RidgeScore[];
}

/**
 * The ridge of `cca` by cross-validation: each fold's pairs are projected by directions that were fitted to the others. Moments
 * are all that it takes, since they can be merged: `moments` of each part of the pairs. Of equal scores the first counts.
 * The event loop turns all the while; rejects with the reason of its signal.
 *
 * @param folds At least two, each of at least two pairs.
 * @throws {EmbeddingError} `INPUT_INVALID` for fewer, or for no parts or one below 0.
 */
export async function crossValidatedRidge(
  folds: readonly Moments[],
  options: RidgeSearchOptions = {},
): Promise<RidgeSearch> {
  expectItems(folds, 'crossValidatedRidge: folds');
  checkArguments('crossValidatedRidge', { moments: folds, options });
  const { parts = [1e-4, 1e-3, 1e-2, 0.1, 1], separately = false } = options;
  const smallest = Math.min(...folds.map(({ n }) => n));
  if (folds.length < 2 || smallest < 2) {
    const got = folds.length < 2 ? `${folds.length}` : `one of ${smallest}`;
    throw refusal('at least 2 folds, each of at least 2 pairs', got);
  }
  expectItems(parts, 'crossValidatedRidge: parts');
  if (parts.length === 0 || !parts.every((part) => part >= 0)) throw refusal('parts of at least 0', parts);
  const tried = separately
    ? parts.flatMap((x) => parts.map((y) => [x, y] as const))
    : parts.map((x) => [x, x] as const);
  return inTurns(searchSteps(folds, tried, options), options.signal);
}

function refusal(expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where: 'crossValidatedRidge', expected, got });
}

function* searchSteps(
  folds: readonly Moments[],
  tried: readonly (readonly [number, number])[],
  { components, algebra = plainAlgebra }: RidgeSearchOptions,
): Steps<RidgeSearch> {
  const scores: RidgeScore[] = [];
  const trained: Moments[] = [];
  for (const out of folds) {
    trained.push(merged(folds.filter((fold) => fold !== out)));
    yield undefined;
  }
  for (const parts of tried) {
    let sum = 0;
    for (const [i, fold] of folds.entries()) {
      const fit = yield* ccaSteps(trained[i]!, { ridge: ridgeOf(trained[i]!, parts), components, algebra });
      sum += yield* heldOut(fit, fold, algebra);
    }
    scores.push({ parts, score: sum / folds.length });
  }
  const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
  return { ...best, ridge: ridgeOf(merged(folds), best.parts), scores };
}

const merged = (folds: readonly Moments[]): Moments => folds.reduce((a, b) => mergeMoments(a, b));

function ridgeOf(of: Moments, [x, y]: readonly [number, number]): [number, number] {
  return [relativeRidge(of, x)[0], relativeRidge(of, y)[1]];
}

/** Correlations of the projections of pairs that the directions have not seen, added. */
function* heldOut(
  { x: { weights: a }, y: { weights: b } }: Cca,
  { xx, yy, xy }: Moments,
  algebra: NonNullable<AlgebraOptions['algebra']>,
): Steps<number> {
  const products = [
    alongColumns(a, yield* algebra.multiply(xy, b)),
    alongColumns(a, yield* algebra.multiply(xx, a)),
    alongColumns(b, yield* algebra.multiply(yy, b)),
  ] as const;
  return products[0].reduce((sum, covariance, i) => {
    const scale = Math.sqrt(products[1][i]! * products[2][i]!);
    return scale > 0 ? sum + covariance / scale : sum;
  }, 0);
}

/** Products of each column with that of the other. */
function alongColumns(a: Matrix, b: Matrix): Float64Array {
  const [rows, columns] = a.shape;
  const out = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j]! += a.data[i * columns + j]! * b.data[i * columns + j]!;
  }
  return out;
}
