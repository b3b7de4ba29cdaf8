import { bootstrap, type Interval, pairedTest, type PairedTest } from '@diptych/evaluation';
import type { RunResult } from './results.ts';

/** What is measured of each photo with its captions; its mean over the photos, in percent, is the number of the tables. */
export type Measure = (ranks: RunResult['ranks'], photo: number, captions: readonly number[]) => number;

const cutOffs = [1, 5, 10];
const textRecall =
  (k: number): Measure =>
  ({ textRetrieval }, photo) =>
    textRetrieval[photo]! < k ? 100 : 0;
const imageRecall =
  (k: number): Measure =>
  ({ imageRetrieval }, _, captions) =>
    (100 * captions.filter((caption) => imageRetrieval[caption]! < k).length) / captions.length;

/** Recalls of captions for photos, of photos for captions, and their sum. */
export const measures: Readonly<Record<string, Measure>> = {
  ...Object.fromEntries(cutOffs.map((k) => [`i→t R@${k}`, textRecall(k)])),
  ...Object.fromEntries(cutOffs.map((k) => [`t→i R@${k}`, imageRecall(k)])),
  rsum: (...query) => cutOffs.reduce((sum, k) => sum + textRecall(k)(...query) + imageRecall(k)(...query), 0),
};

/** Of every photo, the mean over runs from different seeds. */
export function perPhoto(runs: readonly RunResult[], measure: Measure): Float64Array {
  const { textRetrieval, imageRetrieval } = runs[0]!.ranks;
  const each = imageRetrieval.length / textRetrieval.length;
  return Float64Array.from(textRetrieval, (_, photo) => {
    const captions = Array.from({ length: each }, (__, i) => photo * each + i);
    return runs.reduce((sum, { ranks }) => sum + measure(ranks, photo, captions), 0) / runs.length;
  });
}

export interface Estimate extends Interval {
  /** Of each seed. */
  readonly seeds: readonly number[];
}

/** Of each seed, the mean over the photos. */
export function seedMeans(runs: readonly RunResult[], measure: Measure): number[] {
  return runs.map((run) => mean(perPhoto([run], measure)));
}

/** Mean over seeds, with the interval in which 95 % of such means lie when other photos are drawn. */
export async function estimate(runs: readonly RunResult[], measure: Measure): Promise<Estimate> {
  return { ...(await bootstrap(perPhoto(runs, measure))), seeds: seedMeans(runs, measure) };
}

/** Whether `a` is better than `b` on the same photos. */
export async function compare(
  a: readonly RunResult[],
  b: readonly RunResult[],
  measure: Measure,
): Promise<PairedTest & Interval> {
  const [ours, theirs] = [perPhoto(a, measure), perPhoto(b, measure)];
  const differences = ours.map((value, photo) => value - theirs[photo]!);
  return { ...(await pairedTest(ours, theirs, { samples: 10_000 })), ...(await bootstrap(differences)) };
}

/** The spread of seeds: standard deviation of a sample. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
