/** Values by name. Names are those of CLIP_benchmark where it has one, as `image_retrieval_recall@5`. */
export type Metrics = Readonly<Record<string, number>>;

/** Mean of numbers. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Mean of each metric over runs that have the same ones. */
export function meanMetrics(runs: readonly Metrics[]): Metrics {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, mean(runs.map((run) => run[name]!))]));
}
