import { parseJsonObject } from '@diptych/core';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { open } from 'diptych';
import { expect, it, vi } from 'vitest';
import { emoji } from '../src/index.ts';
import { config } from '../src/weights/config.ts';

/** Pictures of a style that no training saw, and a word for each in several languages. */
const known = {
  '1f415': ['dog', 'Hund', '犬'],
  '1f680': ['rocket', 'fusée', 'ракета'],
  '1f33b': ['sunflower', 'Sonnenblume', 'girasol'],
  '1f355': ['pizza', 'пицца', 'بيتزا'],
};

/** For each row of `a` the index of the nearest of `b`. */
function nearest(cosines: Float32Array, width: number): number[] {
  return Array.from({ length: cosines.length / width }, (_, i) => {
    const row = cosines.subarray(i * width, (i + 1) * width);
    return row.indexOf(Math.max(...row));
  });
}

describeBackends('the model that ships', () => {
  it('opens from the package, without a network, and frees everything', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    await expectNoLeak(async () => {
      using space = await open(emoji);
      expect([space.id, space.architecture, space.dim]).toEqual(['emoji-1', 'diptych_emoji', 128]);
      expect((await space.embed('text', ['cat', '猫'])).shape).toEqual([2, 128]);
    });
    const urls = fetched.mock.calls.map(([input]) => new Request(input).url);
    const own = ['data:', globalThis.location?.origin ?? 'data:'];
    expect(urls.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
    fetched.mockRestore();
  });

  it('asks for the weights alone: its configuration is code', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const source = await emoji.open('config.json');
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
    const said = parseJsonObject(await source!.read(0, source!.size), 'config.json');
    expect(said).toEqual({ model_type: 'diptych_emoji', ...config });
    expect(await emoji.open('tokenizer.json')).toBeUndefined();
  });

  it('says the same in any language', async () => {
    using space = await open(emoji);
    const words = await space.embed('text', ['dog', 'Hund', 'chien', '犬', 'собака', 'apple', 'rain']);
    const cosines = space.similarity(words, words);
    const [same, other] = [
      [1, 2, 3, 4],
      [5, 6],
    ].map((columns) => columns.map((column) => cosines[column]!));
    expect(Math.min(...same!)).toBeGreaterThan(Math.max(...other!));
  });

  it('gives a text the same row whatever else is in its batch, on wasm to the bit', async () => {
    using space = await open(emoji);
    const words = [
      'red heart',
      'heart',
      'a much longer text about hearts, red and otherwise',
      '',
      'rot',
      'coeur rouge',
    ];
    const texts = Array.from({ length: 100 }, (_, i) => `${words[i % words.length]} ${'heart '.repeat(i % 7)}${i}`);
    const { data: alone } = await space.embed('text', texts, { batchSize: 1 });
    // TensorFlow.js's own backend sums features in blocks, which the number of other features shifts.
    const tolerance = tf.getBackend() === 'cpu' ? 2e-7 : 0;
    for (const batchSize of [3, 32, 100]) {
      expectClose((await space.embed('text', texts, { batchSize })).data, alone, tolerance);
    }
  });
});

describeGolden('the model that ships, on pictures', () => {
  describeBackends('of a style it never saw', () => {
    it('finds their words', async () => {
      using space = await open(emoji);
      const bytes = Object.keys(known).map((id) => goldenBytes(`data/emoji/fluentflat/${id}.png`));
      const pictures = await space.embed('image', await Promise.all(bytes));
      const words = Object.values(known);
      const texts = await space.embed('text', words.flat());
      const expected = words.flatMap((list, i) => list.map(() => i));
      expect(nearest(space.similarity(texts, pictures), words.length)).toEqual(expected);
    });
  });
});
