/** One thing to be timed; it resolves when its result is there. */
export type Task = () => unknown;

/** Milliseconds, from an arbitrary start. */
export type Clock = () => number;

/** What passes on the wall. */
export const wallClock: Clock = () => performance.now();

/** What this process was given of the processors: on a shared machine it moves less than the clock on the wall. */
export const processorClock: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Times of each task in each round: task 1, task 2, ..., task 1, task 2, ... */
export async function interleave(tasks: readonly Task[], rounds: number, clock: Clock): Promise<number[][]> {
  const times = tasks.map((): number[] => []);
  for (const task of tasks) await task();
  for (let round = 0; round < rounds; round++) {
    for (const [i, task] of tasks.entries()) {
      const start = clock();
      await task();
      times[i]!.push(clock() - start);
    }
  }
  return times;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Quantiles of the ratio between what two tasks took in the same round: how often `base` fits into `other`. */
export function ratio(
  base: readonly number[],
  other: readonly number[],
): { median: number; low: number; high: number } {
  const ratios = base.map((time, round) => other[round]! / time).toSorted((a, b) => a - b);
  const at = (share: number) => ratios[Math.round(share * (ratios.length - 1))]!;
  return { median: median(ratios), low: at(0.25), high: at(0.75) };
}
