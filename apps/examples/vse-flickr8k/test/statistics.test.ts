import { seededRandom } from '@diptych/core';
import { captionMetrics } from '@diptych/evaluation';
import { expect, it } from 'vitest';
import type { RunResult } from '../src/results.ts';
import { compare, deviation, estimate, measures, perPhoto } from '../src/statistics.ts';
import { comparisonTable, costTable, recallTable, seedTable } from '../src/tables.ts';

const random = seededRandom(4);
const [one, two, worse] = [run(1, 12), run(2, 12), run(0, 60)];

it('has the metrics of the evaluation as means over the photos', async () => {
  const metrics = captionMetrics({
    textRetrieval: Float64Array.from(one.ranks.textRetrieval),
    imageRetrieval: Float64Array.from(one.ranks.imageRetrieval),
  });
  const found: number[] = [];
  for (const measure of Object.values(measures)) found.push((await estimate([one], measure)).value);
  const directions = ['text', 'image'].flatMap((direction) => {
    return [1, 5, 10].map((k) => 100 * metrics[`${direction}_retrieval_recall@${k}`]!);
  });
  [...directions, metrics['rsum']!].forEach((value, i) => expect(found[i]).toBeCloseTo(value, 9));
});

it('is the mean of the seeds, within its interval', async () => {
  const { value, low, high, seeds } = await estimate([one, two], measures['rsum']!);
  expect(value).toBeCloseTo((seeds[0]! + seeds[1]!) / 2, 9);
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
  expect(deviation([1, 2, 3])).toBe(1);
});

it('compares on the same photos', async () => {
  const measure = measures['rsum']!;
  const { difference, low, p } = await compare([one, two], [worse], measure);
  const [ours, theirs] = [await estimate([one, two], measure), await estimate([worse], measure)];
  expect(difference).toBeCloseTo(ours.value - theirs.value, 9);
  expect(low).toBeGreaterThan(0);
  expect(p).toBeLessThan(0.001);
  expect(await compare([one], [one], measure)).toMatchObject({ difference: 0, p: 1 });
  expect(perPhoto([one], measure)).toHaveLength(50);
});

it('writes tables', async () => {
  const runs = { new: [one, two], old: [worse] };
  const recalls = await recallTable(runs);
  expect(recalls.split('\n')).toHaveLength(4);
  expect(recalls).toContain(`${(await estimate([worse], measures['rsum']!)).value.toFixed(1)} (`);
  expect(await comparisonTable(runs, [{ better: 'new', worse: 'old', measure: 'rsum' }])).toContain('| 2 of 2 |');
  const metrics = { 'text_retrieval_recall@1': 0.25, 'image_retrieval_recall@1': 0.125, rsum: 200 };
  const epochs = [100, 200, 150].map((rsum, epoch) => {
    return { epoch, steps: epoch, loss: 1, learningRate: 1, metrics: rsum === 200 ? metrics : { ...metrics, rsum } };
  });
  const trained = { ...one, training: { before: metrics, epochs, losses: [] } };
  expect(seedTable({ CCA: [worse], any: [trained] })).toContain('| any | 1 | 25.0 | 12.5 | 200.0 |');
  expect(costTable({ any: [trained] })).toContain('| 2 MiB | 2 |');
  expect(costTable(runs)).toContain('| new | 30 | 40 | 2 MiB |');
});

function run(seed: number, most: number): RunResult {
  const ranks = (n: number) => Array.from({ length: n }, () => Math.floor(most * random()));
  return {
    method: 'any',
    seed,
    ranks: { textRetrieval: ranks(50), imageRetrieval: ranks(250) },
    seconds: { processor: 30, clock: 40 },
    memory: 2 ** 21,
  };
}
