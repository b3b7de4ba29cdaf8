import { beforeAll, describe, expect, it } from 'vitest';
import { givenServer } from './given-server.ts';

const { bytes } = await import('@diptych/model-emoji').then(async ({ emoji }) => {
  const { open } = await import('diptych');
  using space = await open(emoji);
  return { bytes: space.bytes };
});

describe('several models in the memory of two', () => {
  const given = givenServer({ model: 'a=emoji,b=emoji,c=emoji', lazy: true, memory: Math.ceil(2.5 * bytes) });
  const loaded = () => given().server.models.loaded.map(({ name }) => name);
  let row: readonly number[];
  beforeAll(async () => {
    row = Array.from((await given().space.embed('text', 'a train')).data);
  });

  it('loads one when it is first asked for and unloads the one that was not asked for the longest time', async () => {
    expect(loaded()).toEqual([]);
    for (const [model, then] of [
      ['a', ['a']],
      ['b', ['a', 'b']],
      ['a', ['a', 'b']],
      ['c', ['a', 'c']],
      ['b', ['b', 'c']],
    ] as const) {
      const { body } = await given().post('/v1/embeddings', { model, input: 'a train' });
      const got = body.data[0]!.embedding;
      expect(Math.max(...got.map((v, i) => Math.abs(v - row[i]!)))).toBeLessThanOrEqual(1e-6);
      expect(loaded()).toEqual(then);
    }
  });

  it('lists all of them, and what is known of those that are loaded', async () => {
    const list = (await (await fetch(`${given().server.url}/v1/models`)).json()) as { data: object[] };
    expect(list.data).toMatchObject([
      { id: 'a', object: 'model', loaded: false },
      { id: 'b', loaded: true, dimensions: row.length, modalities: ['text', 'image'] },
      { id: 'c', loaded: true },
    ]);
  });

  it('asked for all at once each is answered by its own', async () => {
    const models = Array.from({ length: 30 }, (_, i) => 'abc'[i % 3]);
    const answers = await Promise.all(
      models.map(async (model) => given().post('/v1/embeddings', { model, input: 'a train' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(models.map(() => 200));
  });
});

describe('the models that come along', () => {
  const given = givenServer({ model: 'emoji,photo', lazy: true });

  it('are known by their names', async () => {
    const { emoji } = await import('@diptych/model-emoji');
    const { photo } = await import('@diptych/model-photo');
    const { open } = await import('diptych');
    for (const [model, source] of [
      ['emoji', emoji],
      ['photo', photo],
    ] as const) {
      using space = await open(source);
      const expected = await space.embed('text', 'a train');
      const { body } = await given().post('/v1/embeddings', { model, input: 'a train' });
      const got = body.data[0]!.embedding;
      expect(got).toHaveLength(expected.shape[1]);
      expect(Math.max(...got.map((v, i) => Math.abs(v - expected.data[i]!)))).toBeLessThanOrEqual(1e-6);
    }
  });
});
