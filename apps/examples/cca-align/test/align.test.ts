import { expect, it } from 'vitest';
import { align } from '../src/align.ts';
import { embedApart } from '../src/embed.ts';
import { namedPictures } from '../src/pictures.ts';

it('finds pictures that were held out by their words, by far more than chance', async () => {
  const { pictures, words } = await embedApart(await namedPictures(200));
  expect([pictures.shape, words.shape]).toEqual([
    [200, 400],
    [200, 128],
  ]);
  const { correlations, metrics } = await align(pictures, words);
  expect([...correlations]).toEqual([...correlations].toSorted((a, b) => b - a));
  // Of 40 the first ten: a quarter by chance.
  expect(metrics['image_retrieval_recall@10']).toBeGreaterThan(0.5);
  expect(metrics['text_retrieval_recall@10']).toBeGreaterThan(0.5);
});
