import { EmbeddingError, expectList, expectMembers, inTurns, pieces, seededRandom, type Steps } from '@diptych/core';
import { mean } from '../metrics.ts';
import type { SignalOption } from '../signal-option.ts';

export interface PairedTest {
  /** Mean of `a - b`. */
  readonly difference: number;
  /** Two-sided: share of the sign flips whose mean difference is as far from 0 or farther. */
  readonly p: number;
  /** Whether all flips were counted, or a random part. */
  readonly exact: boolean;
}

export interface PairedTestOptions extends SignalOption {
  /** Random flips where there are too many to count. Default 100000. */
  readonly samples?: number;
  /** Of the random flips. Default 0. */
  readonly seed?: number;
}

/** More than this many queries that differ have more than 2^40 flips. */
const countable = 40;

/**
 * Paired sign-flip (Fisher) randomisation test: were the two methods alike, each query's difference would have either
 * sign. All flips are counted up to 40 queries that differ; beyond, random ones are, with the observed one among them.
 *
 * @param a One value per query.
 * @param b The other method's, on the same queries.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the lengths differ; `INPUT_INVALID` when there is no query or a value is
 *   not finite.
 */
export async function pairedTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PairedTestOptions = {},
): Promise<PairedTest> {
  for (const values of [a, b]) expectList(values, 'pairedTest: values');
  expectMembers(options, 'pairedTest: options');
  return inTurns(pairedTestSteps(a, b, options), options.signal);
}

export function* pairedTestSteps(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: PairedTestOptions = {},
): Steps<PairedTest> {
  if (a.length !== b.length) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'pairedTest',
      expected: 'the same queries',
      got: `${a.length} and ${b.length}`,
    });
  }
  const differences = Float64Array.from(a, (value, i) => value - b[i]!);
  if (differences.length === 0 || !differences.every(Number.isFinite)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'pairedTest',
      expected: 'finite values of at least one query',
      got: 'others or none',
    });
  }
  // A difference of 0 flips into itself: leaving it out changes no share.
  const flippable = differences.filter((difference) => difference !== 0);
  const size = flippable.reduce((sum, difference) => sum + Math.abs(difference), 0);
  // Sums that are equal but for the order of their terms count as equal.
  const least = Math.abs(flippable.reduce((sum, difference) => sum + difference, 0)) - 1e-12 * size;
  const exact = flippable.length <= countable;
  const p = yield* exact ? countFlips(flippable, least) : sampleFlips(flippable, least, options);
  return { difference: mean(differences), p, exact };
}

/** Share of the flips whose sum is `least` or more away from 0: each half's sums, and pairs of them counted by order. */
function* countFlips(differences: Float64Array, least: number): Steps<number> {
  const half = differences.length >> 1;
  const left = yield* signedSums(differences.subarray(0, half));
  const right = yield* signedSums(differences.subarray(half));
  let [extreme, above, below] = [0, right.length, right.length];
  // The larger the one, the smaller the other may be.
  for (const sum of left) {
    while (above > 0 && right[above - 1]! >= least - sum) above--;
    while (below > 0 && right[below - 1]! > -least - sum) below--;
    extreme += right.length - above + below;
  }
  return Math.min(1, extreme / (left.length * right.length));
}

/** Sum of the values under each choice of signs, rising: the rising sums less a value, and those with it, merged. */
function* signedSums(values: Float64Array): Steps<Float64Array> {
  let sums = Float64Array.of(0);
  for (const value of values) {
    const size = Math.abs(value);
    const next = new Float64Array(2 * sums.length);
    for (let at = 0, less = 0, more = 0; at < next.length; at++) {
      const isLess = less < sums.length && sums[less]! - size <= sums[more]! + size;
      next[at] = isLess ? sums[less++]! - size : sums[more++]! + size;
    }
    sums = next;
    yield undefined;
  }
  return sums;
}

function* sampleFlips(differences: Float64Array, least: number, options: PairedTestOptions): Steps<number> {
  const { samples = 100_000, seed = 0 } = options;
  const random = seededRandom(seed);
  const pause = pieces();
  let extreme = 1;
  for (let sample = 0; sample < samples; sample++) {
    const sum = differences.reduce((total, difference) => total + (random() < 0.5 ? difference : -difference), 0);
    if (Math.abs(sum) >= least) extreme++;
    if (pause(perFlip * differences.length)) yield undefined;
  }
  return extreme / (samples + 1);
}

/** Multiplications that take as long. */
const perFlip = 16;
