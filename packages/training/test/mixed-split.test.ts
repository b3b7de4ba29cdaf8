import type { Sample } from '@diptych/datasets';
import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { captionSplit, mixedSplit } from '../src/caption-split.ts';
import { epochBatches } from '../src/epoch-batches.ts';
import { stepsOf } from '../src/steps.ts';

function samples(name: string, count: number, captions = 2): Sample[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${name} ${i}`,
    captions: Array.from({ length: captions }, (__, k) => `${name} ${i} ${k}`),
    image: async () => new Uint8Array(),
    attributes: { kind: name },
  }));
}

/** How often each caption comes in epochs. */
function seen(split: ReturnType<typeof mixedSplit>, epochs: readonly number[], size = 1): ReadonlyMap<string, number> {
  const counts = new Map<string, number>(split.captions.map((caption) => [caption, 0]));
  for (const epoch of epochs) {
    for (const batch of epochBatches(split, { size, seed: 3, epoch })) {
      expect(new Set(Array.from(batch, (row) => split.imageOf[row])).size).toBe(size);
      for (const row of batch) counts.set(split.captions[row]!, counts.get(split.captions[row]!)! + 1);
    }
  }
  return counts;
}

it('gives the captions of each set as often as its weight says', () => {
  const split = mixedSplit([
    { samples: samples('a', 5), weight: 2 },
    { samples: samples('b', 6), weight: 0.5 },
    { samples: samples('c', 3), weight: 0 },
    { samples: samples('d', 4, 1), weight: 1.25 },
  ]);
  const of = (counts: ReadonlyMap<string, number>, name: string) =>
    [...counts].filter(([caption]) => caption.startsWith(name)).map(([, count]) => count);
  const [first, both] = [seen(split, [0]), seen(split, [0, 1])];
  expect(of(first, 'a')).toEqual(Array.from({ length: 10 }, () => 2));
  expect(of(first, 'b').reduce((a, b) => a + b)).toBe(6);
  expect(of(both, 'b')).toEqual(Array.from({ length: 12 }, () => 1));
  expect(of(both, 'c')).toEqual(Array.from({ length: 6 }, () => 0));
  expect(of(seen(split, [0, 1, 2, 3]), 'd')).toEqual([5, 5, 5, 5]);
  expect(seen(split, [0])).toEqual(first);
  expect(seen(split, [1])).not.toEqual(first);
});

it('counts the steps that come, keeps the labels of all sets, and the batches of different images', () => {
  const split = mixedSplit(
    [
      { samples: samples('a', 5), weight: 3 },
      { samples: samples('b', 8), weight: 0.25 },
    ],
    'kind',
  );
  expect(split.labels?.names).toEqual(['a', 'b']);
  const { total, size } = stepsOf(split, { batchSize: 4, epochs: 3, seed: 3 });
  const batches = [0, 1, 2].map((epoch) => [...epochBatches(split, { size, seed: 3, epoch })].length);
  expect(total).toBe(batches.reduce((a, b) => a + b));
  seen(split, [0, 1, 2], 4);
});

it('gives no batch with one text twice where it is told to, and says where none is left', () => {
  const same = (name: string, count: number) =>
    samples(name, count).map((one) => ({ ...one, captions: ['a dog', one.captions[1]!] }));
  const split = mixedSplit([
    { samples: same('a', 6), weight: 1 },
    { samples: same('b', 6), weight: 1.5 },
  ]);
  for (const one of [split, captionSplit(split.samples)]) {
    const texts = (distinctTexts: boolean) =>
      [...epochBatches(one, { size: 3, seed: 1, epoch: 0, distinctTexts })].map((batch) =>
        Array.from(batch, (row) => one.captions[row]!),
      );
    const twice = (batch: readonly string[]) => new Set(batch).size < batch.length;
    expect(texts(false).some(twice)).toBe(true);
    expect(texts(true).some(twice)).toBe(false);
    const total = texts(true).length;
    expect(stepsOf(one, { batchSize: 3, epochs: 1, seed: 1, distinctTexts: true }).total).toBe(total);
    expect(total).toBeGreaterThan(3);
  }
  const equal = captionSplit(samples('c', 5, 1).map((one) => ({ ...one, captions: ['a dog'] })));
  expect(() => stepsOf(equal, { batchSize: 2, epochs: 1, seed: 0, distinctTexts: true })).toThrow(
    'distinctTexts: expected different captions of 2 different images in an epoch, got fewer',
  );
});

it('refuses an image in two sets, weights that are none, and those that leave no batch', () => {
  const [a, b] = [samples('a', 2), samples('b', 2)];
  const invalid = (message: string) => expect.objectContaining({ code: 'INPUT_INVALID', message });
  const twice = [
    { samples: a, weight: 1 },
    { samples: [...b, a[1]!], weight: 1 },
  ];
  expect(() => mixedSplit(twice)).toThrow(
    invalid("a 1: expected an image in one set, got it in two; an 'id' tells images of one name apart"),
  );
  for (const weight of [-1, Number.NaN, given('1')]) {
    expect(() => mixedSplit([{ samples: a, weight }])).toThrow('mixedSplit: sets[0]: weight: expected a number from 0');
  }
  const few = mixedSplit([{ samples: samples('c', 8, 1), weight: 0.25 }]);
  expect(() => stepsOf(few, { batchSize: 4, epochs: 2, seed: 0 })).toThrow(
    'weight: expected captions of 4 different images in an epoch, got fewer',
  );
});
