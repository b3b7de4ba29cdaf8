import { pieces, type Steps } from '@diptych/core';

/** Shares of values between even steps; `shares[i]` lies from `low + i * step` to `low + (i + 1) * step`. */
export interface Histogram {
  readonly low: number;
  readonly step: number;
  /** Of each group, summing to 1. */
  readonly shares: Readonly<Record<string, readonly number[]>>;
}

/** Groups of values over one range, in `bins` steps. */
export function* histogram(groups: Readonly<Record<string, Float64Array>>, bins: number): Steps<Histogram> {
  let [low, high] = [Infinity, -Infinity];
  const pause = pieces();
  for (const values of Object.values(groups)) {
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
      if (pause(perValue)) yield undefined;
    }
  }
  const step = high > low ? (high - low) / bins : 1 / bins;
  const shares: Record<string, number[]> = {};
  for (const [name, values] of Object.entries(groups)) {
    const counts = Array.from({ length: bins }, () => 0);
    for (const value of values) {
      counts[Math.min(bins - 1, Math.floor((value - low) / step))]!++;
      if (pause(perValue)) yield undefined;
    }
    shares[name] = counts.map((count) => count / values.length);
  }
  return { low, step, shares };
}

/** Multiplications that take as long as what is done with one value. */
const perValue = 8;
