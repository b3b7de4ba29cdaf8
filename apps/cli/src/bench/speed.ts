/** Quartiles of what some rounds gave. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** One thing to be timed; it resolves when its result is there. */
export type Task = () => Promise<unknown>;

/**
 * Milliseconds on the wall of each task in each round: task 1, task 2, ..., task 1, task 2, ..., so that what else the
 * machine does meets all of them. A round before the first is not counted.
 */
export async function interleave(tasks: readonly Task[], rounds: number, onRound: (done: number) => void) {
  const times = tasks.map((): number[] => []);
  for (const task of tasks) await task();
  for (let round = 0; round < rounds; round++) {
    for (const [i, task] of tasks.entries()) {
      const start = performance.now();
      await task();
      times[i]!.push(performance.now() - start);
    }
    onRound(round + 1);
  }
  return times;
}

/** Quantiles between values are interpolated. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const [low, high] = [sorted[below]!, sorted[Math.ceil(place)]!];
    return low + (place - below) * (high - low);
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
