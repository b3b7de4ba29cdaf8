import { dannWeight } from '@diptych/alignment';
import { configReader } from '@diptych/core';
import { groupBatches } from '@diptych/datasets';
import { expect, it } from 'vitest';
import { captionSplit } from '../src/caption-split.ts';
import { recipeOf } from '../src/recipe.ts';
import { stepsOf } from '../src/steps.ts';

/** Photos with so many captions each. */
function photos(...counts: readonly number[]) {
  return captionSplit(
    counts.map((count, i) => ({
      id: `photo ${i}`,
      captions: Array.from({ length: count }, (_, k) => `caption ${k}`),
      image: async () => new Uint8Array(),
    })),
  );
}

const run = { batchSize: 10, epochs: 4, seed: 3 };

it('counts the batches that come, not those that the number of captions would give', () => {
  // Nine photos of two captions and one of eleven: 29 captions, but two batches of ten different photos.
  const split = photos(11, ...Array.from({ length: 9 }, () => 2));
  const { size, total, epochOf } = stepsOf(split, run);
  const batches = [0, 1, 2, 3].map((epoch) => [
    ...groupBatches(split.imageOf, { ...run, size, epoch, dropLast: true }),
  ]);
  expect(batches.map((one) => one.length)).toEqual([2, 2, 2, 2]);
  expect({ size, total }).toEqual({ size: 10, total: 8 });
  expect(Array.from({ length: total }, (_, step) => epochOf(step))).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  expect(stepsOf(photos(11, ...Array.from({ length: 9 }, () => 1)), run).total).toBe(4);
});

it('follows the order of each epoch where that decides', () => {
  const split = photos(4, 3, 1, 1, 1, 1, 1);
  const options = { batchSize: 3, epochs: 20, seed: 1 };
  const counts = Array.from({ length: 20 }, (_, epoch) => {
    return [...groupBatches(split.imageOf, { size: 3, seed: 1, epoch, dropLast: true })].length;
  });
  expect(new Set(counts).size).toBeGreaterThan(1);
  const { total, epochOf } = stepsOf(split, options);
  expect(total).toBe(counts.reduce((sum, count) => sum + count, 0));
  expect(counts.flatMap((count, epoch) => Array.from({ length: count }, () => epoch))).toEqual(
    Array.from({ length: total }, (_, step) => epochOf(step)),
  );
});

it('so schedules end, and the weight of an adversary with them', () => {
  const steps = stepsOf(photos(11, ...Array.from({ length: 9 }, () => 1)), { ...run, epochs: 50 });
  const schedule = (kind: object) => {
    const json = {
      model: { text: { kind: 'bag' }, image: { kind: 'cnn' } },
      optimizer: { learningRate: 1 },
      schedule: kind,
    };
    return recipeOf(configReader(json, 'train.json')).schedule(steps);
  };
  const last = steps.total - 1;
  expect(schedule({ kind: 'cosine' })(last)).toBeLessThan(0.002);
  expect(schedule({ kind: 'step', every: 10, factor: 0.1 })(last)).toBeCloseTo(1e-4, 10);
  expect(dannWeight(last / steps.total)).toBeGreaterThan(0.999);
});
