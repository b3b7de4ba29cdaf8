import { describe, expect, it } from 'vitest';
import { type Embedder, embedCorpus, mixedModality } from '../src/index.ts';

/** Texts are angles in degrees, images in radians. */
const space: Embedder<number> = {
  async embed(modality, items, options) {
    options?.signal?.throwIfAborted();
    const angles = items.map((item) => (modality === 'text' ? (Number(item) * Math.PI) / 180 : Number(item)));
    return { data: angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]), shape: [items.length, 2] };
  },
};

const items = {
  queries: ['0', '90'],
  texts: ['2', '92'],
  images: [0.01, Math.PI / 2],
  summaries: ['10', '100'],
  relevantTexts: [[0], [1]],
  relevantImages: [[0], [1]],
};

describe('a corpus', () => {
  it('is embedded, texts as texts and images as images', async () => {
    const results = await mixedModality(await embedCorpus(items, space), { k: 2 });
    expect(results.direct.mean['map@2']).toBe(1);
    expect(results.summary.mean['map@2']).toBe(1);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(embedCorpus(items, space, { signal })).rejects.toThrow('enough');
  });
});
