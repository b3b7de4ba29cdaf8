import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, Index } from '@lancedb/lancedb';
import { given } from '@diptych/golden';
import { afterAll, describe, expect, it } from 'vitest';
import type { Store, StoreConfig } from '../../src/index.ts';
import { lancedbStore, type LancedbOptions } from '../../src/lancedb.ts';
import { clusteredRows, rows } from '../rows.ts';
import { bestOf, expectNear } from './near-best.ts';
import { names, years } from './store-suite-inputs.ts';

const [dim, n] = [16, 600];
const config: StoreConfig = { model: 'm', dim, precision: 'float32', fields: { year: 'number' } };
const base = clusteredRows(n, dim);
const queries = clusteredRows(10, dim, { seed: 2 });
const best = bestOf(base, queries, 10);
const row = (i: number, by = 1) => base.data.slice(i * dim, (i + 1) * dim).map((value) => value * by);

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function filled(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-lance-index-'));
  folders.push(folder);
  await using store = await lancedbStore(folder, config);
  await store.add(names(n), base, years(n));
  return folder;
}

const idsOf = (found: Awaited<ReturnType<Store['search']>>) => found.map((hits) => hits.map(({ id }) => id));

/** Candidates alone are what an index gives, so that what it misses shows. */
const effort = ({ index }: LancedbOptions) => (index === 'hnsw' ? { efSearch: 100 } : { probes: 4 });

describe.each<LancedbOptions & { readonly index: string }>([
  { index: 'hnsw', m: 12, efConstruction: 80 },
  { index: 'ivfpq', lists: 4 },
])('an index $index', (options) => {
  it('finds nearly all by candidates, whose scores are exact, and says how many', async () => {
    const folder = await filled();
    await using store = await lancedbStore(folder, config, options);
    expect(store.engine).toEqual({ name: 'lancedb', index: options.index });
    expectNear(await store.search(queries, 10, { exact: false }), best, 0.95);
    expectNear(await store.search(queries, 10, { exact: false, ...effort(options) }), best, 0.95);
    const { recall, queries: counted, exactMs, indexMs } = await store.recall(queries, 10);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeLessThanOrEqual(1);
    expect(counted).toBe(10);
    expect(Math.min(exactMs, indexMs)).toBeGreaterThan(0);
  });

  it('is not used by an exact search, to which it adds nothing, and is found by who does not ask for it', async () => {
    const folder = await filled();
    await (await lancedbStore(folder, config, options)).close();
    await using store = await lancedbStore(folder, config);
    expect(store.engine.index).toBe(options.index);
    const found = await store.search(queries, 10);
    expect(idsOf(found)).toEqual(best.map((hits) => hits.map(({ id }) => id)));
    expect(found.flat().every((hit) => !('exact' in hit))).toBe(true);
    expectNear(await store.search(queries, 10, { exact: false }), best, 0.95);
  });

  it('knows what was written and deleted since, and rows that LanceDB cannot compare', async () => {
    const folder = await filled();
    {
      await using store = await lancedbStore(folder, config);
      await store.add(['zero', 'huge'], rows(dim, [...row(3, 0), ...row(3, 2 ** 100)]));
    }
    await using store = await lancedbStore(folder, config, options);
    await store.delete(['row 3', 'row 4']);
    await store.add(['tiny'], rows(dim, row(3, 2 ** -100)));
    await store.add(['usual'], rows(dim, row(3)), [{ year: 1 }]);
    await store.upsert(['row 5'], rows(dim, row(3)));
    const [hits] = await store.search(rows(dim, row(3)), 4, { exact: false });
    expect(hits!.map(({ id }) => id).toSorted()).toEqual(['huge', 'row 5', 'tiny', 'usual']);
    const [all] = await store.search(rows(dim, row(3)), n + 2, { exact: false });
    expect(all).toHaveLength(n + 2);
    expect(all!.some(({ id }) => id === 'row 3' || id === 'row 4')).toBe(false);
  });

  it('finds all where few pass a filter', async () => {
    await using store = await lancedbStore(await filled(), config, options);
    const filter = {
      and: [
        { field: 'year', eq: 2003 },
        { field: 'year', lt: 2004 },
      ],
    };
    const wanted = await store.search(queries, 100, { filter });
    const found = await store.search(queries, 100, { filter, exact: false });
    expect(idsOf(found)).toEqual(idsOf(wanted));
    expect(found[0]).toHaveLength(60);
  });
});

it.each(['hnsw', 'ivfpq'] as const)('is what a search by it reads, and no other: %s', async (index) => {
  const folder = await filled();
  await (await lancedbStore(folder, config, { index })).close();
  await rm(join(folder, 'rows.lance', '_indices'), { recursive: true });
  await using store = await lancedbStore(folder, config);
  expect(idsOf(await store.search(queries, 10))).toEqual(best.map((hits) => hits.map(({ id }) => id)));
  await expect(store.search(queries, 10, { exact: false })).rejects.toThrow(/not found|No such file/i);
});

it('is made anew where more rows were written since than it has', async () => {
  const folder = await filled();
  const indexed = async () =>
    (await (await (await connect(folder)).openTable('rows')).listIndices())[0]!.numIndexedRows;
  await (await lancedbStore(folder, config, { index: 'hnsw' })).close();
  {
    await using store = await lancedbStore(folder, config, { index: 'hnsw' });
    await store.add(['one'], rows(dim, row(1)));
  }
  await (await lancedbStore(folder, config, { index: 'hnsw' })).close();
  expect(await indexed()).toBe(n);
  {
    await using store = await lancedbStore(folder, config);
    const more = names(2 * n).slice(n);
    await store.add(more, clusteredRows(n, dim, { seed: 3 }), years(n));
  }
  await using _ = await lancedbStore(folder, config, { index: 'hnsw' });
  expect(await indexed()).toBe(2 * n + 1);
});

it('takes only what its kind knows', async () => {
  const folder = await filled();
  await using graph = await lancedbStore(folder, config, { index: 'hnsw' });
  await using lists = await lancedbStore(await filled(), config, { index: 'ivfpq' });
  await using none = await lancedbStore(await filled(), config);
  for (const [store, options, code] of [
    [graph, { exact: false, probes: 3 }, 'INPUT_INVALID'],
    [lists, { exact: false, efSearch: 30 }, 'INPUT_INVALID'],
    [none, { exact: false }, 'UNSUPPORTED'],
  ] as const) {
    await expect(store.search(queries, 1, options)).rejects.toMatchObject({ code });
  }
});

it('is refused where no store can have it, the table has another or too few rows', async () => {
  const folder = await filled();
  const open = (options: LancedbOptions, other: Partial<StoreConfig> = {}) =>
    lancedbStore(folder, { ...config, ...other }, options);
  for (const refused of [
    open({ index: 'hnsw' }, { precision: 'int8' }),
    open({ index: 'hnsw', lists: 10 }),
    open({ index: 'ivfpq', m: 10 }),
    open({ lists: 3 }),
    open({ index: given('ivfflat') }),
  ]) {
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  }
  await expect(open({ index: 'ivfpq', lists: 0.5 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(open(given(null))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await (await open({ index: 'ivfpq' })).close();
  const other = expect.stringMatching(/expected an index hnsw, got ivfpq; dropIndex\('embedding_idx'\)/) as string;
  await expect(open({ index: 'hnsw' })).rejects.toMatchObject({ code: 'INPUT_INVALID', message: other });
  const few = expect.stringContaining('expected 256 rows for an index, got 0; open it without') as string;
  const empty = lancedbStore(join(folder, 'new'), config, { index: 'hnsw' });
  await expect(empty).rejects.toMatchObject({ code: 'INPUT_INVALID', message: few });
});

it('is not one that orders otherwise than by the cosine', async () => {
  const folder = await filled();
  const table = await (await connect(folder)).openTable('rows');
  await table.createIndex('embedding', { config: Index.hnswSq({ distanceType: 'l2' }) });
  await using store = await lancedbStore(folder, config);
  expect(store.engine.index).toBeUndefined();
  expect(idsOf(await store.search(queries, 10))).toEqual(best.map((hits) => hits.map(({ id }) => id)));
  await expect(store.search(queries, 1, { exact: false })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

it('is not made once its signal says so', async () => {
  const folder = await filled();
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(lancedbStore(folder, config, { index: 'hnsw', signal })).rejects.toThrow('enough');
  await using store = await lancedbStore(folder, config);
  expect(store.engine.index).toBeUndefined();
});
