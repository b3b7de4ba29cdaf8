import { EmbeddingError, expectList, expectMembers, seededRandom } from '@diptych/core';
import { mean } from '../metrics.ts';

export interface PairedTest {
  /** Mean of `a - b`. */
  readonly difference: number;
  /** Two-sided: share of the sign flips whose mean difference is as far from 0 or farther. */
  readonly p: number;
  /** Whether all flips were counted, or a random part. */
  readonly exact: boolean;
}

export interface PairedTestOptions {
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
export function pairedTest(a: ArrayLike<number>, b: ArrayLike<number>, options: PairedTestOptions = {}): PairedTest {
  for (const values of [a, b]) expectList(values, 'pairedTest: values');
  expectMembers(options, 'pairedTest: options');
  const { samples = 100_000, seed = 0 } = options;
  if (a.length !== b.length) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'pairedTest',
      expected: 'the same queries',
      got: `${a.length} and ${b.length}`,
    });
  }
  const differences = Float64Array.from(a, (value, i) => value - b[i]!);
  if (differences.length === 0 || !differences.every(Number.isFinite)) {
    throw new EmbeddingError('INPUT_INVALID', 'pairedTest: expected finite values of at least one query');
  }
  // A difference of 0 flips into itself: leaving it out changes no share.
  const flippable = differences.filter((difference) => difference !== 0);
  const size = flippable.reduce((sum, difference) => sum + Math.abs(difference), 0);
  // Sums that are equal but for the order of their terms count as equal.
  const least = Math.abs(flippable.reduce((sum, difference) => sum + difference, 0)) - 1e-12 * size;
  const exact = flippable.length <= countable;
  const p = exact ? countFlips(flippable, least) : sampleFlips(flippable, least, { samples, seed });
  return { difference: mean(differences), p, exact };
}

/** Share of the flips whose sum is `least` or more away from 0: each half's sums, and pairs of them counted by order. */
function countFlips(differences: Float64Array, least: number): number {
  const half = differences.length >> 1;
  const left = signedSums(differences.subarray(0, half));
  const right = signedSums(differences.subarray(half)).toSorted();
  let extreme = 0;
  for (const sum of left) {
    extreme += right.length - firstIndex(right, (value) => value >= least - sum);
    extreme += firstIndex(right, (value) => value > -least - sum);
  }
  return Math.min(1, extreme / (left.length * right.length));
}

/** Sum of the values under each choice of signs. */
function signedSums(values: Float64Array): Float64Array {
  let sums = Float64Array.of(0);
  for (const value of values) {
    const next = new Float64Array(2 * sums.length);
    sums.forEach((sum, i) => {
      next[2 * i] = sum - value;
      next[2 * i + 1] = sum + value;
    });
    sums = next;
  }
  return sums;
}

/** First index where `holds`, which once true stays true; the length where it never does. */
function firstIndex(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sampleFlips(differences: Float64Array, least: number, options: Required<PairedTestOptions>): number {
  const random = seededRandom(options.seed);
  let extreme = 1;
  for (let sample = 0; sample < options.samples; sample++) {
    const sum = differences.reduce((total, difference) => total + (random() < 0.5 ? difference : -difference), 0);
    if (Math.abs(sum) >= least) extreme++;
  }
  return extreme / (options.samples + 1);
}
