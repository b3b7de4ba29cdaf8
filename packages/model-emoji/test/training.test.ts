import { seededRandom } from '@diptych/core';
import { describeGolden, goldenPath } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { augment } from '../training/augment.ts';
import { batchesOf } from '../training/batches.ts';
import { type Emoji, heldOutIds, heldOutStyle, readEmoji } from '../training/emoji-data.ts';
import { config } from '../src/weights/config.ts';
import { recipe, schedule, sizeAt, total } from '../training/recipe.ts';
import { trainingEmoji, trainingPictures } from '../training/training-data.ts';
import { Words } from '../training/words.ts';

const art = { size: 8, data: Uint8Array.from({ length: 8 * 8 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7) % 256)) };

function emojiOf(id: string, name: string, keywords: readonly string[]): Emoji {
  return { id, emoji: id, images: {}, labels: { en: name }, keywords: { en: keywords } };
}

const three = [
  emojiOf('a', 'cat', ['pet', 'animal']),
  emojiOf('b', 'dog', ['pet', 'animal']),
  emojiOf('c', 'car', ['drive']),
];

async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('views of a picture', () => {
  it('are the same for the same seed, and stay near [-1, 1]', () => {
    const [first, again, other] = [3, 3, 4].map((seed) => {
      const out = new Float32Array(16 * 16 * 3);
      augment(art, 16, seededRandom(seed), out);
      return out;
    });
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    // Noise may go a tenth further.
    expect(Math.max(...first!.map(Math.abs), ...other!.map(Math.abs))).toBeLessThanOrEqual(1.1);
  });
});

describe('words', () => {
  const random = seededRandom(1);
  const draws = (chances: { english: number; otherName: number }) =>
    Array.from({ length: 200 }, () => new Words(three).draw(0, chances, random));

  it('a keyword stands for every emoji that has it, a name for its own', () => {
    expect(new Set(draws({ english: 1, otherName: 0 }).map(({ text, of }) => `${text} ${of}`))).toEqual(
      new Set(['cat 0']),
    );
    expect(new Set(draws({ english: 0, otherName: 0 }).map(({ text, of }) => `${text} ${of}`))).toEqual(
      new Set(['pet 0,1', 'animal 0,1']),
    );
  });

  it('beside others, none is drawn that stands for one of them', () => {
    const words = new Words(three);
    for (let i = 0; i < 100; i++) {
      const { text } = words.drawApart(0, [0, 1], { english: 0, otherName: 0 }, random);
      expect(text).toBe('cat');
    }
  });
});

describe('batches', () => {
  it('are the same for the same epoch: pictures, then their texts, then more', async () => {
    const many = Array.from({ length: 40 }, (_, i) => emojiOf(`${i}`, `name ${i}`, [`word ${i}`]));
    const data = { emoji: many, artworks: many.map(() => [art]) };
    const batches = batchesOf(config, data, { seed: 1, steps: 2, texts: 5, images: 12, moreTexts: 3 });
    const [epoch, again] = [await listOf(batches(1, 16)), await listOf(batches(1, 16))];
    expect(epoch).toEqual(again);
    expect(epoch).toHaveLength(2);
    const [{ texts, of, images, emoji }] = epoch as [(typeof epoch)[0]];
    expect([texts.shape[0], of.length, images!.shape]).toEqual([15, 15, [12, 16, 16, 3]]);
    expect(new Set(emoji).size).toBe(12);
    expect(of.slice(0, 12)).toEqual(emoji!.map((index) => [index]));
    const [alone] = await listOf(batches(1, undefined));
    expect([alone!.texts.shape[0], alone!.images]).toEqual([5, undefined]);
  });
});

it('the recipe goes from texts to small pictures to whole ones, its rate down to nothing', () => {
  expect([0, 15, 16, 55, 56, total - 1].map(sizeAt)).toEqual([undefined, undefined, 32, 32, 48, 48]);
  const rate = schedule();
  expect(rate(total * recipe.steps - 1)).toBeLessThan(1e-5);
  expect(rate(recipe.textEpochs * recipe.steps + 49)).toBeCloseTo(2.5e-3, 10);
});

describeGolden('what is held out', () => {
  it('is a tenth of all emoji, always the same, and one style of three', async () => {
    const all = await readEmoji(goldenPath('data/emoji'));
    const heldOut = heldOutIds(all);
    expect([all.length, heldOut.size, heldOutStyle]).toEqual([1645, 165, 'fluentflat']);
    expect(heldOutIds(await readEmoji(goldenPath('data/emoji')))).toEqual(heldOut);
  });

  it('is not trained on', async () => {
    const all = await readEmoji(goldenPath('data/emoji'));
    const [heldOut, trained] = [heldOutIds(all), trainingEmoji(all)];
    expect(trained).toHaveLength(1480);
    expect(trained.filter(({ id }) => heldOut.has(id))).toEqual([]);
    const pictures = trained.flatMap(trainingPictures);
    expect(pictures).toHaveLength(2865);
    expect(pictures.filter((path) => path.startsWith(heldOutStyle))).toEqual([]);
  });
});
