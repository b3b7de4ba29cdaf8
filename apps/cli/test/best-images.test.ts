import { cosineSimilarity, type Embeddings, orderSimilarity } from '@diptych/core';
import { expect, it } from 'vitest';
import { bestImages } from '../src/image-index/best-images.ts';
import { openImageIndex } from '../src/image-index/open-image-index.ts';
import type { Query } from '../src/queries.ts';
import { temporaryFolder } from './workspace.ts';

const row = (...data: number[]): Embeddings => {
  return { precision: 'float32', data: Float32Array.from(data), shape: [data.length / 3, 3], model: 'm' };
};
const query = (modality: 'text' | 'image', ...data: number[]): Query => ({ name: '', modality, row: row(...data) });
const signal = new AbortController().signal;
const cosine = { similarity: cosineSimilarity, similarityFunction: 'cosine' } as const;
const order = { similarity: orderSimilarity, similarityFunction: 'order' } as const;
const keys = ['a', 'b', 'c'];

/** An index of three files, whose probe is nearer to `[1, 2, 3]` than any of them. */
async function indexOf() {
  const index = await openImageIndex(await temporaryFolder(), { precision: 'float32', probe: row(1, 2, 3) });
  const stamp = { size: 1, mtimeMs: 1 };
  await index.add(
    keys.map((key) => ({ key, stamp })),
    row(1, 2, 2, 0, 1, 0, 3, 0, 0),
  );
  const listed = (...named: string[]) =>
    new Map(named.map((key) => [key, { path: `in/${key}`, key, stamp, file: key }]));
  return { index, listed };
}

it('finds the best files by cosine, never the probe, whether all are listed or some', async () => {
  const { index, listed } = await indexOf();
  await using _ = index;
  const queries = [query('text', 1, 2, 3), query('image', 3, 0, 0.5)];
  for (const named of [keys, ['a', 'c']]) {
    const found = await bestImages({ space: cosine, index, listed: listed(...named) }, queries, { k: 2, signal });
    expect(found.map((hits) => hits.map(({ path }) => path))).toEqual([
      named.length === 3 ? ['in/a', 'in/b'] : ['in/a', 'in/c'],
      ['in/c', 'in/a'],
    ]);
    expect(found[0]![0]!.score).toBeCloseTo(11 / Math.sqrt(14 * 9), 6);
  }
});

it('goes by the order of texts and images where the space does', async () => {
  const { index, listed } = await indexOf();
  await using _ = index;
  const [hits] = await bestImages({ space: order, index, listed: listed(...keys) }, [query('text', 2, 0, 0)], {
    k: 3,
    signal,
  });
  const scores = orderSimilarity(row(1, 2, 2, 0, 1, 0, 3, 0, 0), row(2, 0, 0));
  expect(hits!.map(({ path, score }) => [path, score])).toEqual(
    keys.map((key, i) => [`in/${key}`, scores[i]!] as const).toSorted((a, b) => b[1] - a[1]),
  );
});
