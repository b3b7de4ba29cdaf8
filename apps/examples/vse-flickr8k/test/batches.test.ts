import { expect, it } from 'vitest';
import { captionBatches } from '../src/batches.ts';
import { learnWords } from '../src/captions.ts';
import { imageOfCaption } from '../src/part.ts';
import { recipe } from '../src/recipe.ts';
import { trainingInput } from '../src/training-input.ts';
import { smallParts } from './small-parts.ts';

const imageOf = Uint32Array.from({ length: 500 }, (_, caption) => Math.floor(caption / 5));
const lengths = Uint32Array.from({ length: 500 }, (_, caption) => 3 + ((caption * 7) % 11));

it('never puts two captions of one photo into a batch', () => {
  for (let epoch = 0; epoch < 5; epoch++) {
    const batches = captionBatches(imageOf, lengths, { size: 16, seed: 1, epoch });
    expect(batches.length).toBeGreaterThan(20);
    for (const batch of batches) {
      expect(batch).toHaveLength(16);
      expect(new Set([...batch].map((caption) => imageOf[caption])).size).toBe(16);
    }
  }
});

it('takes a caption at most once in an epoch, and others in another', () => {
  const [first, again, second] = [0, 0, 1].map((epoch) => {
    return captionBatches(imageOf, lengths, { size: 16, seed: 1, epoch }).map((batch) => [...batch]);
  });
  expect(new Set(first!.flat()).size).toBe(first!.flat().length);
  expect(again).toEqual(first);
  expect(second).not.toEqual(first);
});

it('puts captions of about one length together', () => {
  const spread = captionBatches(imageOf, lengths, { size: 16, seed: 1, epoch: 0 }).map((batch) => {
    const found = [...batch].map((caption) => lengths[caption]!);
    return Math.max(...found) - Math.min(...found);
  });
  expect(Math.max(...spread)).toBeLessThanOrEqual(5);
});

it('leaves out as many words and features as asked, the same ones in the same step', () => {
  const { train } = smallParts();
  const input = trainingInput(train, learnWords(train), { ...recipe, batchSize: 64, seed: 3 });
  const [rows] = input.batches(0);
  const [one, again, other] = [5, 5, 6].map((step) => input.read(rows!, step));
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
  const zeros = one!.features.data.filter((value) => value === 0).length / one!.features.data.length;
  expect(Math.abs(zeros - recipe.dropFeatures)).toBeLessThan(0.05);
  expect(imageOfCaption(train)[rows![0]!]).toBe(Math.floor(rows![0]! / 3));
});
