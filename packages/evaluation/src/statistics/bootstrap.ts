import { EmbeddingError, expectList, expectMembers, inTurns, pieces, seededRandom, type Steps } from '@diptych/core';
import { mean } from '../metrics.ts';
import type { SignalOption } from '../signal-option.ts';

export interface BootstrapOptions extends SignalOption {
  /** Default 0. */
  readonly seed?: number;
  /** Resamples. Default 1000. */
  readonly samples?: number;
  /** Share of resamples inside the interval, in `(0, 1)`. Default 0.95. */
  readonly confidence?: number;
  /** Of one resample. Default: the mean. */
  readonly statistic?: (values: Float64Array) => number;
}

export interface Interval {
  /** Of the values themselves. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile interval of a statistic over queries, Efron 1979: queries are drawn with replacement, as many as there are.
 *
 * @param values One per query. Give paired methods the same seed, and they see the same queries.
 * @throws {EmbeddingError} `INPUT_INVALID` when there is no value, one is NaN, or an option is out of range.
 */
export async function bootstrap(values: ArrayLike<number>, options: BootstrapOptions = {}): Promise<Interval> {
  expectList(values, 'bootstrap: values');
  expectMembers(options, 'bootstrap: options');
  return inTurns(bootstrapSteps(values, options), options.signal);
}

function* bootstrapSteps(values: ArrayLike<number>, options: BootstrapOptions): Steps<Interval> {
  const { seed = 0, samples = 1000, confidence = 0.95, statistic = mean } = options;
  const all = Float64Array.from(values);
  if (all.length === 0 || all.some(Number.isNaN)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'bootstrap',
      expected: 'numbers',
      got: `${all.length} values with NaN or none`,
    });
  }
  if (!(Number.isInteger(samples) && samples >= 1 && confidence > 0 && confidence < 1)) {
    const got = `${samples} samples, confidence ${confidence}`;
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'bootstrap',
      expected: 'samples >= 1 and confidence in (0, 1)',
      got,
    });
  }
  const random = seededRandom(seed);
  const [draw, found] = [new Float64Array(all.length), new Float64Array(samples)];
  const pause = pieces();
  for (let sample = 0; sample < samples; sample++) {
    for (let i = 0; i < draw.length; i++) draw[i] = all[Math.floor(random() * all.length)]!;
    found[sample] = statistic(draw);
    if (pause(perDraw * draw.length)) yield undefined;
  }
  found.sort();
  const outside = (1 - confidence) / 2;
  return { value: statistic(all), low: quantile(found, outside), high: quantile(found, 1 - outside) };
}

/** Multiplications that take as long. */
const perDraw = 16;

/** Linear between the sorted values around it, as numpy's default. */
function quantile(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
