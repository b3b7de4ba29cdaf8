import { type Pair, pairs, permutation, sameGroup, type Sample, shuffled, shuffleStream } from '@diptych/datasets';
import { describe, expect, it } from 'vitest';
import { all } from './files.ts';

const sampleOf = (id: string, n = 5): Sample => ({
  id,
  image: async () => new Uint8Array(0),
  captions: Array.from({ length: n }, (_, i) => `${id} ${i}`),
});
const samples = Array.from({ length: 2000 }, (_, i) => sampleOf(`${i}.jpg`));
const numbers = Array.from({ length: 5000 }, (_, i) => i);

describe('permutation', () => {
  it('is this one, on every engine', () => {
    // By the same formulas in Python's whole numbers.
    expect([...permutation(10, { seed: 1 })]).toEqual([5, 9, 1, 4, 6, 3, 8, 0, 2, 7]);
    expect([...permutation(10, { seed: 1, epoch: 1 })]).toEqual([9, 0, 7, 5, 6, 3, 8, 4, 1, 2]);
  });

  it('holds each number once', () => {
    expect(permutation(5000, { seed: 3 }).toSorted()).toEqual(Uint32Array.from(numbers));
    expect(permutation(0, { seed: 3 }).length).toBe(0);
  });

  it('puts no number at one place too often', () => {
    const first = numbers.map((seed) => permutation(5, { seed })[0]);
    for (const value of [0, 1, 2, 3, 4]) {
      // 1000 expected, with a deviation of 28.
      expect(Math.abs(first.filter((one) => one === value).length - 1000)).toBeLessThan(120);
    }
  });
});

describe('shuffles', () => {
  it('repeat an order with its seed, and change it with the epoch', async () => {
    expect(shuffled(numbers, { seed: 1, epoch: 2 })).toEqual(shuffled(numbers, { seed: 1, epoch: 2 }));
    expect(shuffled(numbers, { seed: 1, epoch: 2 })).not.toEqual(shuffled(numbers, { seed: 1, epoch: 3 }));
    const stream = await all(shuffleStream(numbers, { seed: 1, buffer: 100 }));
    expect(stream).toEqual(await all(shuffleStream(numbers, { seed: 1, buffer: 100 })));
    expect(stream).not.toEqual(await all(shuffleStream(numbers, { seed: 2, buffer: 100 })));
    expect(stream.toSorted((a, b) => a - b)).toEqual(numbers);
  });

  it('let no item of a stream leave earlier than the buffer allows', async () => {
    const stream = await all(shuffleStream(numbers, { seed: 1, buffer: 100 }));
    expect(stream.every((item, place) => item <= place + 100)).toBe(true);
    expect(await all(shuffleStream(numbers, { seed: 1, buffer: 1 }))).toEqual(numbers);
  });
});

describe('pairs', () => {
  it('has every caption, those of an image in one group', async () => {
    const found = await all(pairs([sampleOf('a', 2), sampleOf('b', 3)], { captions: 'all' }));
    expect(found.map(({ caption, group }) => [caption, group])).toEqual([
      ['a 0', 0],
      ['a 1', 0],
      ['b 0', 1],
      ['b 1', 1],
      ['b 2', 1],
    ]);
  });

  it('draws one caption of each image, whatever the order of the images', async () => {
    const byId = (found: readonly Pair[]) => new Map(found.map(({ sample, caption }) => [sample.id, caption]));
    const drawn = byId(await all(pairs(samples, { captions: 'one', seed: 4 })));
    expect(drawn.size).toBe(samples.length);
    expect(byId(await all(pairs(shuffled(samples, { seed: 9 }), { captions: 'one', seed: 4 })))).toEqual(drawn);
  });

  it('draws each caption equally often, and anew for each epoch', async () => {
    const drawn = await Promise.all(
      [0, 1].map(async (epoch) => all(pairs(samples, { captions: 'one', seed: 4, epoch }))),
    );
    for (const i of [0, 1, 2, 3, 4]) {
      // 400 expected, with a deviation of 18.
      expect(Math.abs(drawn[0]!.filter(({ caption }) => caption.endsWith(` ${i}`)).length - 400)).toBeLessThan(75);
    }
    // Independent draws agree on a fifth of the images.
    const same = drawn[0]!.filter(({ caption }, i) => caption === drawn[1]![i]!.caption).length;
    expect(Math.abs(same - 400)).toBeLessThan(75);
  });

  it('marks rows of one image, so that none is a negative of another', () => {
    expect([...sameGroup([0, 1, 0])]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1]);
  });
});
