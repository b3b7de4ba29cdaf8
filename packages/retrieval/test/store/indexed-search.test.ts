import { dequantize, type Embeddings, type Precision, quantize, type SearchKernel, seededRandom } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { compileFilter, exactSearch, type Filter, memoryStore, type Metadata } from '../../src/index.ts';
import { clusteredRows, randomRows, rows } from '../rows.ts';
import { quantizingKernel } from './quantizing-kernel.ts';
import { names } from './store-suite-inputs.ts';

const fields = { n: 'number', kind: 'string', is: 'boolean' } as const;
const [count, dim] = [3000, 40];

/** Far from the origin, as the rows of a real model lie, one component further than all. */
function uncentred(n: number, seed: number): Embeddings {
  const { data } = randomRows(n, dim, seed);
  return rows(
    dim,
    data.map((value, i) => value + (i % dim === 3 ? 40 : Math.sin(i % dim) * 3)),
  );
}

const kinds = {
  'around centres': (n: number, seed: number) => clusteredRows(n, dim, { seed }),
  'in all directions': (n: number, seed: number) => randomRows(n, dim, seed),
  'far from the origin': uncentred,
  'all alike': (n: number) =>
    rows(
      dim,
      Float32Array.from({ length: n * dim }, (_, i) => (i % dim) - 5),
    ),
};

function metadataOf(n: number): Metadata[] {
  const next = seededRandom(3);
  return Array.from({ length: n }, (_, i) => ({
    ...(i % 7 === 0 ? {} : { n: Math.floor(20 * next()) - 10 }),
    ...(i % 5 === 0 ? {} : { kind: `kind ${Math.floor(5 * next())}` }),
    ...(i % 3 === 0 ? {} : { is: next() < 0.5 }),
  }));
}

describe.each(Object.entries(kinds))('an index of rows %s', (_, make) => {
  it.each<readonly [Precision, SearchKernel<'int8'> | undefined]>([
    ['float32', undefined],
    ['float32', quantizingKernel],
    ['int8', undefined],
    ['uint8', undefined],
    ['binary', undefined],
    ['ubinary', undefined],
  ])('finds all of the best of %s', async (precision, kernel) => {
    await using store = memoryStore({ model: 'm', dim, precision }, { kernel });
    const [stored, queries] = [quantize(make(count, 1), precision), make(5, 2)];
    await store.upsert(names(count), stored);
    for (const k of [1, 10, 200, count + 1]) {
      const wanted = exactSearch(dequantize(stored))(queries, k);
      const found = await store.search(queries, k);
      expect(found.map((hits) => hits.map(({ id, score }) => ({ id, score })))).toEqual(
        wanted.map((hits) => hits.map(({ row, score }) => ({ id: `row ${row}`, score }))),
      );
    }
  });
});

it.each([undefined, quantizingKernel])('keeps up with rows that change between searches', async (kernel) => {
  await using store = memoryStore({ model: 'm', dim, precision: 'float32' }, { kernel });
  const there = new Map<string, Float32Array>();
  const next = seededRandom(8);
  for (let round = 0; round < 30; round++) {
    const ids = [...new Set(Array.from({ length: 200 }, () => `${Math.floor(2500 * next())}`))];
    const changed = uncentred(ids.length, round);
    await store.upsert(ids, changed);
    ids.forEach((id, i) => there.set(id, changed.data.slice(i * dim, (i + 1) * dim)));
    const gone = Array.from({ length: round % 5 === 4 ? 600 : 20 }, () => `${Math.floor(2500 * next())}`);
    await store.delete([...new Set(gone)]);
    for (const id of gone) there.delete(id);
    const query = uncentred(1, 1000 + round);
    const all = rows(
      dim,
      [...there.values()].flatMap((row) => [...row]),
    );
    const wanted = exactSearch(all)(query, 20)[0]!.map(({ row, score }) => ({ id: [...there.keys()][row], score }));
    const [hits] = await store.search(query, 20);
    expect(hits!.map(({ id, score }) => ({ id, score }))).toEqual(wanted);
  }
});

const filters: readonly Filter[] = [
  { and: [] },
  { or: [] },
  { field: 'n', eq: 3 },
  { field: 'n', gt: -2, lte: 5 },
  { field: 'n', in: [1, 2, 99], gte: 2 },
  { field: 'kind', eq: 'kind 1' },
  { field: 'kind', eq: 'none' },
  { field: 'kind', in: [] },
  { field: 'kind', in: ['kind 1', 'kind 4', 'none'] },
  { field: 'is', eq: false },
  { field: 'is', in: [true, false] },
  { not: { field: 'kind', in: ['kind 1', 'kind 2'] } },
  { and: [{ field: 'is', eq: true }, { or: [{ field: 'n', lt: 0 }, { not: { field: 'kind', eq: 'kind 0' } }] }] },
];

it.each(filters.map((filter) => [JSON.stringify(filter), filter] as const))(
  'searches what passes %s',
  async (_, filter) => {
    const [base, queries, metadata] = [uncentred(count, 1), uncentred(3, 2), metadataOf(count)];
    const passes = compileFilter(filter, fields);
    const allow = (row: number) => row !== 0 && row !== 17 && passes(metadata[row]!);
    const wanted = exactSearch(base)(queries, 25, { allow });
    for (const kernel of [undefined, quantizingKernel]) {
      await using store = memoryStore({ model: 'm', dim, precision: 'float32', fields }, { kernel });
      await store.upsert(names(count), base, metadata);
      await store.delete(['row 0', 'row 17']);
      expect(await store.search(queries, 25, { filter })).toEqual(
        wanted.map((hits) => hits.map(({ row, score }) => ({ id: `row ${row}`, score, metadata: metadata[row] }))),
      );
    }
  },
);

it('lets timers, writes and a signal come between queries', async () => {
  await using store = memoryStore({ model: 'm', dim, precision: 'float32' });
  await store.upsert(names(count), uncentred(count, 1));
  const stop = new AbortController();
  const searching = store.search(uncentred(20_000, 2), 3, { signal: stop.signal });
  await store.upsert(['new'], uncentred(1, 3));
  setTimeout(() => stop.abort(new Error('enough')), 20);
  await expect(searching).rejects.toThrow('enough');
  expect(await store.count()).toBe(count + 1);
});
