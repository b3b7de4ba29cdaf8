import { join } from 'node:path';
import { openSafetensors } from '@diptych/checkpoint';
import { directory } from '@diptych/files/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { Affinities } from '../building/affinities.ts';
import { colourRow, palette } from '../building/colour-words.ts';
import { commonSpace } from '../building/common-space.ts';
import { wordsInGlosses } from '../building/gloss-words.ts';
import { imageClasses } from '../building/image-classes.ts';
import { vocabularyOf } from '../building/vocabulary.ts';
import { WordNet } from '../building/wordnet.ts';
import { WordVectors } from '../building/word-vectors.ts';
import { areas } from '../src/colours.ts';
import { config } from '../src/weights/config.ts';

/** What the words of a vocabulary and classes come to, and what a product of so few columns leaves of it. */
describe('a common space', () => {
  it('of as many dimensions as classes gives back what words say of them', () => {
    const rows = [Float64Array.of(1, -2, 1), Float64Array.of(3, 0, -3), Float64Array.of(-1, 1, 0)];
    const { words, seen } = commonSpace(rows, [1, 0.5, 0.1], 2);
    rows.forEach((row, i) =>
      row.forEach((value, c) => {
        expect(words[2 * i]! * seen[2 * c]! + words[2 * i + 1]! * seen[2 * c + 1]!).toBeCloseTo(value, 5);
      }),
    );
  });
});

describe('colours', () => {
  const best = (values: readonly number[]) => values.indexOf(Math.max(...values));
  const { colours } = config.image;

  it.each([
    ['black', [0, 0, 0]],
    ['white', [255, 255, 255]],
    ['red', [255, 0, 0]],
    ['green', [0, 128, 0]],
    ['blue', [0, 0, 255]],
    ['yellow', [255, 255, 0]],
    ['purple', [128, 0, 128]],
    ['brown', [139, 69, 19]],
  ])('%s of CSS is, of the palette, what the word says of the middle', (word, rgb) => {
    const logits = Array.from(palette.bias, (start, c) =>
      rgb.reduce((sum, value, i) => sum + (value / 127.5 - 1) * palette.weight[i * colours + c]!, start),
    );
    const said = [...colourRow(word)];
    expect(said).toHaveLength(areas * colours);
    expect(best(said)).toBe(2 * colours + best(logits));
  });

  it('are above, below or nowhere', () => {
    const area = (word: string) => Math.floor(best([...colourRow(word)]) / colours);
    expect([area('sky'), area('grass'), area('red')]).toEqual([0, 1, 2]);
    expect(new Set(colourRow('truth'))).toEqual(new Set([0]));
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

  it('know words by glosses: who wears a bow tie, and where a snowplow is', async () => {
    const rows = await wordsInGlosses(affinities, ['[unknown]', 'snow', 'man', 'xyzzy']);
    const found = (row: Float64Array) => {
      const top = [...row.keys()].toSorted((a, b) => row[b]! - row[a]!).slice(0, 30);
      return top.map((i) => affinities.classes[i]!.name).join('; ');
    };
    expect(found(rows[1]!)).toContain('snowplow');
    expect(found(rows[2]!)).toContain('bow tie');
    for (const row of [rows[0]!, rows[3]!]) expect(new Set(row)).toEqual(new Set([0]));
  });
});
