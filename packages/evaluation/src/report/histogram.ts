/** Shares of values between even steps; `shares[i]` lies from `low + i * step` to `low + (i + 1) * step`. */
export interface Histogram {
  readonly low: number;
  readonly step: number;
  /** Of each group, summing to 1. */
  readonly shares: Readonly<Record<string, readonly number[]>>;
}

/** Groups of values over one range, in `bins` steps. */
export function histogram(groups: Readonly<Record<string, Float64Array>>, bins: number): Histogram {
  let [low, high] = [Infinity, -Infinity];
  for (const value of Object.values(groups).flatMap((values) => [min(values), -min(values.map((v) => -v))])) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const step = high > low ? (high - low) / bins : 1 / bins;
  const shares = Object.entries(groups).map(([name, values]) => {
    const counts = Array.from({ length: bins }, () => 0);
    for (const value of values) counts[Math.min(bins - 1, Math.floor((value - low) / step))]!++;
    return [name, counts.map((count) => count / values.length)] as const;
  });
  return { low, step, shares: Object.fromEntries(shares) };
}

function min(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}
