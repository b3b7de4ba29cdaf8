import { EmbeddingError, type Embeddings } from '@diptych/core';
import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { imageFiles } from '../src/file-kinds.ts';
import { embedQueries } from '../src/queries.ts';
import type { Space } from '../src/space.ts';

const { signal } = new AbortController();

/** Rows whose first component is the length of the text. */
const space: Space = given({
  id: 'm',
  dim: 2,
  similarityFunction: 'order',
  async embed(_: string, items: readonly string[]): Promise<Embeddings> {
    const data = Float32Array.from(items.flatMap((item) => [item.length, 1]));
    return { precision: 'float32', data, shape: [items.length, 2], model: 'm' };
  },
});

it('leaves the row of one text or image as it is', async () => {
  const [text] = await embedQueries(space, { texts: ['a dog'], files: [], kind: imageFiles }, signal);
  expect([text!.modality, ...text!.row.data]).toEqual(['text', 5, 1]);
  const [image] = await embedQueries(space, { texts: [], files: ['dog.png'], kind: imageFiles }, signal);
  expect([image!.modality, ...image!.row.data]).toEqual(['image', 7, 1]);
});

it.each<[string[], string[]]>([
  [['dog - cat'], []],
  [['dog'], ['dog.png']],
])('adds up nothing that is compared by order: %j %j', async (texts, files) => {
  await expect(embedQueries(space, { texts, files, kind: imageFiles }, signal)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  });
});

it('asks a model of images alone for no texts', async () => {
  const images: Space = given({
    id: 'm',
    dim: 2,
    similarityFunction: 'cosine',
    async embed(modality: 'text' | 'image', items: readonly string[]) {
      if (modality === 'text') throw new EmbeddingError('UNSUPPORTED', { where: 'm', expected: 'image', got: 'text' });
      return space.embed(modality, items);
    },
  });
  const [image] = await embedQueries(images, { texts: [], files: ['dog.png'], kind: imageFiles }, signal);
  expect([...image!.row.data]).toEqual([7, 1]);
  await expect(embedQueries(images, { texts: ['a dog'], files: [], kind: imageFiles }, signal)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  });
});
