import { join } from 'node:path';
import { openSafetensors } from '@diptych/checkpoint';
import { directory } from '@diptych/files/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { Affinities } from '../building/affinities.ts';
import { commonSpace } from '../building/common-space.ts';
import { imageClasses } from '../building/image-classes.ts';
import { vocabularyOf } from '../building/vocabulary.ts';
import { WordNet } from '../building/wordnet.ts';
import { WordVectors } from '../building/word-vectors.ts';
import { config } from '../src/weights/config.ts';

/** What the words of a vocabulary and classes come to, and what a product of so few columns leaves of it. */
describe('a common space', () => {
  it('of as many dimensions as classes gives back what words say of them', () => {
    const rows = [Float64Array.of(1, -2, 1), Float64Array.of(3, 0, -3), Float64Array.of(-1, 1, 0)];
    const { words, classes } = commonSpace(rows, [1, 0.5, 0.1], 2);
    rows.forEach((row, i) =>
      row.forEach((value, c) => {
        expect(words[2 * i]! * classes[2 * c]! + words[2 * i + 1]! * classes[2 * c + 1]!).toBeCloseTo(value, 5);
      }),
    );
  });
});

describe('the weights that ship', () => {
  let affinities: Affinities;
  beforeAll(() => {
    const wordnet = new WordNet();
    affinities = new Affinities(imageClasses(wordnet), new WordVectors(), wordnet);
  }, 300_000);

  it('have a meaning for each class', () => {
    const glosses = affinities.classes.map(({ name, synset }) => `${name}: ${synset.gloss}`);
    expect(new Set(affinities.classes.map(({ synset }) => synset.offset)).size).toBe(1000);
    expect([glosses[0], glosses[134], glosses[517], glosses[780]]).toEqual([
      expect.stringContaining('tench, Tinca tinca: freshwater'),
      expect.stringContaining('bird'),
      expect.stringContaining('lift'),
      expect.stringContaining('sailing vessel'),
    ]);
  });

  it('have the vocabulary that the packages give', async () => {
    const file = await directory(join(import.meta.dirname, '../src/weights')).open('model.safetensors');
    const stored = await (await openSafetensors(file!)).read('text.vocabulary');
    const words = new TextDecoder().decode(stored.data).split('\n');
    expect(vocabularyOf(affinities, config.text.words)).toEqual(words);
  });

  it('know kinds by WordNet: an animal is each of 398 classes, a dog each of its breeds', () => {
    const counted = (word: string) => affinities.kinds(word).filter((value) => value > 0).length;
    expect(counted('animal')).toBe(398);
    expect(counted('dogs')).toBeGreaterThanOrEqual(118);
    expect(counted('xyzzy')).toBe(0);
    const likeness = affinities.likeness('beach');
    expect(affinities.classes[likeness.indexOf(Math.max(...likeness))]!.name).toContain('seashore');
  });
});
