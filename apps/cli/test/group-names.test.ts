import { EmbeddingError, type Embeddings } from '@diptych/core';
import { given } from '@diptych/golden';
import type { EmbeddingSpace } from 'diptych';
import { expect, it } from 'vitest';
import { groupNames } from '../src/image-index/group-names.ts';

const { signal } = new AbortController();
const centres: Embeddings = { precision: 'float32', data: Float32Array.of(1, 0, 0, 1), shape: [2, 2], model: 'm' };

it('numbers groups of a model of images alone, and refuses its tags', async () => {
  const space: EmbeddingSpace = given({
    modalities: ['image'],
    dim: 2,
    async embed() {
      throw new EmbeddingError('UNSUPPORTED', { where: 'm', expected: 'image', got: 'text' });
    },
  });
  expect(await groupNames(space, centres, undefined, signal)).toEqual(['Group 1', 'Group 2']);
  await expect(groupNames(space, centres, ['dog'], signal)).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

it('takes the words that fit best', async () => {
  const space: EmbeddingSpace = given({
    modalities: ['text', 'image'],
    dim: 2,
    embed: async () => ({ ...centres, data: Float32Array.of(0, 1, 1, 0) }),
  });
  expect(await groupNames(space, centres, ['cat', 'dog'], signal)).toEqual(['dog', 'cat']);
});
