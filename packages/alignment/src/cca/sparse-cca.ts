import { EmbeddingError, inTurns, pieces, type Steps } from '@diptych/core';
import { divide, type Matrix, zeros } from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import { svd } from '../linear-algebra/svd.ts';
import { checkArguments, checkPairs } from './check-arguments.ts';
import type { Moments } from './moments.ts';
import type { Pls } from './pls.ts';
import { withSigns } from './sign-rule.ts';

export interface SparseCcaOptions extends AlgebraOptions {
  /** How many pairs of directions, one after the other; default 1. */
  readonly components?: number;
  /**
   * What the absolute weights of a direction may add up to, in `√columns`: from `1 / √columns`, one column alone, to 1, which
   * leaves every direction as it is.
   */
  readonly penalties: readonly [x: number, y: number];
  /** Of each pair of directions, which ends before where no weight moves by more than 1e-12; default 1,000. */
  readonly iterations?: number;
}

/**
 * Sparse CCA by the penalized matrix decomposition, Witten, Tibshirani and Hastie 2009 (PMD(L1, L1) of the cross-covariance, each
 * view's own covariance taken as the identity): directions of length 1 with few columns that differ from 0. Give columns one scale
 * first. A next pair is sought in what the ones before it leave of the cross-covariance. Each begins with the leading singular
 * vectors and ends where neither direction can be bettered by itself, which need not be the best of all.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for fewer than two pairs, or a penalty out of its range.
 */
export async function sparseCca(of: Moments, options: SparseCcaOptions): Promise<Pls> {
  checkArguments('sparseCca', { moments: [of], options });
  checkPairs('sparseCca', of.n);
  const bounds = [of.meanX.length, of.meanY.length].map((columns, i) => {
    return boundOf(options.penalties?.[i], columns);
  });
  return inTurns(sparseSteps(of, bounds, options), options.signal);
}

function boundOf(penalty: unknown, columns: number): number {
  const root = Math.sqrt(columns);
  if (typeof penalty === 'number' && penalty <= 1 && penalty * root >= 1 - 1e-12) return Math.max(1, penalty * root);
  const expected = `penalties from ${(1 / root).toPrecision(3)} to 1 for ${columns} columns`;
  throw new EmbeddingError('INPUT_INVALID', { where: 'sparseCca', expected, got: penalty });
}

function* sparseSteps(
  of: Moments,
  [boundX = 1, boundY = 1]: readonly number[],
  { components = 1, iterations = 1000, algebra = plainAlgebra }: SparseCcaOptions,
): Steps<Pls> {
  const rest = divide(of.xy, of.n - 1);
  const [p, q] = rest.shape;
  const count = Math.min(components, p, q);
  const [a, b] = [zeros(p, count), zeros(q, count)];
  const values = new Float64Array(count);
  const pause = pieces();
  for (let component = 0; component < count; component++) {
    const { v: start } = yield* svd(rest, algebra);
    let u: Float64Array = new Float64Array(p);
    let v: Float64Array = Float64Array.from({ length: q }, (_, j) => start.data[j * start.shape[1]]!);
    for (let i = 0, moved = Infinity; i < iterations && moved > 1e-12; i++) {
      const [nextU, nextV] = [unitWithin(timesRight(rest, v), boundX), v];
      v = unitWithin(timesLeft(rest, nextU), boundY);
      moved = Math.max(largestDifference(nextU, u), largestDifference(v, nextV));
      u = nextU;
      if (pause(2 * p * q)) yield undefined;
    }
    const right = timesRight(rest, v);
    const value = u.reduce((sum, weight, i) => sum + weight * right[i]!, 0);
    values[component] = value;
    for (let i = 0; i < p; i++) {
      a.data[i * count + component] = u[i]!;
      for (let j = 0; j < q; j++) rest.data[i * q + j]! -= value * u[i]! * v[j]!;
    }
    for (let j = 0; j < q; j++) b.data[j * count + component] = v[j]!;
  }
  const [x, y] = withSigns(a, b);
  return { values, x: { mean: of.meanX, weights: x }, y: { mean: of.meanY, weights: y } };
}

/** The vector of length 1 and of absolute values that add up to at most `bound` along which `a` is longest. */
function unitWithin(a: Float64Array, bound: number): Float64Array {
  const plain = unit(a);
  if (sumOf(plain) <= bound) return plain;
  let [low, high] = [0, a.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)];
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (sumOf(unit(shrunk(a, middle))) > bound) low = middle;
    else high = middle;
  }
  // No one column is left where the largest are equal.
  const within = shrunk(a, high);
  return unit(within.some((value) => value !== 0) ? within : shrunk(a, low));
}

const shrunk = (a: Float64Array, by: number): Float64Array =>
  a.map((value) => Math.sign(value) * Math.max(0, Math.abs(value) - by));

const sumOf = (a: Float64Array): number => a.reduce((sum, value) => sum + Math.abs(value), 0);

/** At length 1; zeros stay zeros. */
function unit(a: Float64Array): Float64Array {
  const length = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? a.map((value) => value / length) : a;
}

const largestDifference = (a: Float64Array, b: Float64Array): number =>
  a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0);

function timesRight({ data, shape: [p, q] }: Matrix, v: Float64Array): Float64Array {
  return Float64Array.from({ length: p }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < q; j++) sum += data[i * q + j]! * v[j]!;
    return sum;
  });
}

function timesLeft({ data, shape: [p, q] }: Matrix, u: Float64Array): Float64Array {
  const out = new Float64Array(q);
  for (let i = 0; i < p; i++) {
    for (let j = 0; j < q; j++) out[j]! += u[i]! * data[i * q + j]!;
  }
  return out;
}
