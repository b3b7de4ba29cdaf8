import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store, StoreConfig } from '../../src/index.ts';
import { Connection } from '../../src/node/postgres/connection.ts';
import { indexSettings } from '../../src/node/postgres/index-settings.ts';
import { candidatesSql, nearestSql } from '../../src/node/postgres/nearest-sql.ts';
import { selected, vectorBytes } from '../../src/node/postgres/row-columns.ts';
import { findIndex } from '../../src/node/postgres/table-index.ts';
import { postgresStore, type PostgresOptions } from '../../src/postgres.ts';
import { clusteredRows, rows } from '../rows.ts';
import { bestOf, expectNear } from '../store/near-best.ts';
import { names, years } from '../store/store-suite-inputs.ts';
import { debianServer, postgresFolder } from './debian-server.ts';
import { pgliteServer } from './pglite-server.ts';
import type { Server } from './server.ts';

const [dim, n] = [16, 200];
const config: StoreConfig = { model: 'm', dim, precision: 'float32', fields: { year: 'number' } };
const base = clusteredRows(n, dim);
const queries = clusteredRows(10, dim, { seed: 2 });
const exact = bestOf(base, queries, 10);

let server!: Server;
beforeAll(async () => {
  server = await pgliteServer();
});
afterAll(() => server.remove());

async function filled(options?: PostgresOptions, table: string = crypto.randomUUID()): Promise<Store> {
  const store = await postgresStore(server.url, table, config, options);
  if ((await store.count()) === 0) await store.add(names(n), base, years(n));
  return store;
}

describe.each<[string, PostgresOptions]>([
  ['hnsw', { index: 'hnsw' }],
  ['hnsw of halfvec', { index: 'hnsw', halfvec: true, m: 8, efConstruction: 32 }],
  ['ivfflat', { index: 'ivfflat', lists: 12 }],
  ['ivfflat of halfvec', { index: 'ivfflat', halfvec: true }],
])('an index %s', (_, options) => {
  const table = crypto.randomUUID();

  it('finds nearly all by candidates, whose scores are exact, and says how many', async () => {
    await (await filled(undefined, table)).close();
    await using store = await filled(options, table);
    expect(store.engine).toEqual({ name: 'pgvector', index: options.index });
    expectNear(await store.search(queries, 10, { exact: false }), exact, 0.95);
    const { recall, queries: counted, exactMs, indexMs } = await store.recall(queries, 10);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(recall).toBeLessThanOrEqual(1);
    expect(counted).toBe(10);
    expect(Math.min(exactMs, indexMs)).toBeGreaterThan(0);
  });

  it('is not used by an exact search, to which it adds nothing, and is by the other', async () => {
    await using store = await filled(options, table);
    const found = await store.search(queries, 10);
    expect(found.map((hits) => hits.map(({ id }) => id))).toEqual(exact.map((hits) => hits.map(({ id }) => id)));
    expect(found.flat().every((hit) => !('exact' in hit))).toBe(true);

    const connection = new Connection(Client, server.url, 'here');
    const quoted = `"${table}"`;
    const index = (await findIndex((sql, values) => connection.query(sql, values), quoted))!;
    const { settings, limit } = indexSettings(index, { k: 10 });
    const nearest = { table: quoted, selected: selected(true), condition: 'TRUE', limit };
    const plan = async (sql: string) => {
      const values = [vectorBytes(queries.data.slice(0, dim))];
      const lines = await connection.reading<{ 'QUERY PLAN': string }>(settings, `EXPLAIN ${sql}`, values);
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    };
    const order = /Index Scan using \S+ on [^\n]+\n\s+Order By: [^\n]*<=>/;
    expect(await plan(nearestSql(nearest))).not.toMatch(order);
    expect(await plan(candidatesSql(nearest, { ...index, dim }))).toMatch(order);
    await connection.close();
  });

  it('knows what was written and deleted since, and rows that pgvector cannot compare', async () => {
    await using store = await filled(options);
    await store.delete(['row 3', 'row 4']);
    const query = rows(dim, base.data.slice(3 * dim, 4 * dim));
    const scaled = (by: number) => base.data.slice(3 * dim, 4 * dim).map((value) => value * by);
    await store.add(['huge', 'tiny'], rows(dim, [...scaled(2 ** 100), ...scaled(2 ** -100)]));
    await store.add(['usual'], query, [{ year: 1 }]);
    const [hits] = await store.search(query, 3, { exact: false });
    expect(hits!.map(({ id }) => id)).toEqual(['huge', 'tiny', 'usual']);
    const [all] = await store.search(query, n, { exact: false });
    expect(all!.some(({ id }) => id === 'row 3' || id === 'row 4')).toBe(false);
  });

  it('finds all where few pass a filter or are there at all', async () => {
    await using store = await filled(options, table);
    const filter = {
      and: [
        { field: 'year', eq: 2003 },
        { field: 'year', lt: 2004 },
      ],
    };
    const wanted = await store.search(queries, 100, { filter });
    const found = await store.search(queries, 100, { filter, exact: false, ...effortOf(options) });
    expect(found.map((hits) => hits.map(({ id }) => id))).toEqual(wanted.map((hits) => hits.map(({ id }) => id)));
    expect(found[0]).toHaveLength(20);
  });
});

const effortOf = ({ index }: PostgresOptions) => (index === 'hnsw' ? { efSearch: 20 } : { probes: 1 });

it('is used by who opens the table without asking for it, when it is asked to', async () => {
  const table = crypto.randomUUID();
  await (await filled({ index: 'hnsw' }, table)).close();
  await using store = await filled(undefined, table);
  expect(store.engine).toEqual({ name: 'pgvector', index: 'hnsw' });
  expectNear(await store.search(queries, 10, { exact: false, efSearch: 200 }), exact, 0.95);
});

it('takes only what its kind knows', async () => {
  await using graph = await filled({ index: 'hnsw' });
  await using lists = await filled({ index: 'ivfflat' });
  await using none = await filled();
  for (const [store, options, code] of [
    [graph, { exact: false, probes: 3 }, 'INPUT_INVALID'],
    [graph, { exact: false, efSearch: 1001 }, 'INPUT_INVALID'],
    [lists, { exact: false, efSearch: 30 }, 'INPUT_INVALID'],
    [none, { exact: false }, 'UNSUPPORTED'],
  ] as const) {
    await expect(store.search(queries, 1, options)).rejects.toMatchObject({ code });
  }
});

it('is refused where no store can have it, or the table has another', async () => {
  const open = (options: PostgresOptions, other: Partial<StoreConfig> = {}) =>
    postgresStore(server.url, 'refused', { ...config, ...other }, options);
  for (const refused of [
    open({ index: 'hnsw' }, { precision: 'int8' }),
    open({ index: 'hnsw' }, { dim: 2001 }),
    open({ index: 'ivfflat', halfvec: true }, { dim: 4001 }),
    open({ index: 'hnsw', lists: 10 }),
    open({ index: 'ivfflat', m: 10 }),
    open({ halfvec: true }),
    open({ index: 'flat' as 'hnsw' }),
  ]) {
    await expect(refused).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  }
  await expect(open({ index: 'hnsw', m: 0.5 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await (await open({ index: 'hnsw' })).close();
  const message = expect.stringContaining('expected an index ivfflat, got hnsw; DROP INDEX') as string;
  await expect(open({ index: 'ivfflat' })).rejects.toMatchObject({ code: 'INPUT_INVALID', message });
});

it('is not made once its signal says so', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(filled({ index: 'hnsw', signal }, 'stopped')).rejects.toThrow('enough');
  await using store = await postgresStore(server.url, 'stopped', config);
  expect(store.engine.index).toBeUndefined();
});

const bin = postgresFolder();
describe.skipIf(!bin)('PostgreSQL', () => {
  it('leaves off what it is asked to, and says where there is no pgvector', async () => {
    const debian = await debianServer(bin!);
    try {
      const connection = new Connection(Client, debian.url, 'here');
      const [own] = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const sleeping = connection.query('SELECT pg_sleep(600)');
      const refused = sleeping.catch((error: unknown) => error);
      const asleep = `SELECT FROM pg_stat_activity WHERE pid = $1 AND query LIKE '%pg_sleep%' AND state = 'active'`;
      const other = new Connection(Client, debian.url, 'here');
      while ((await other.query(asleep, [own!.pid])).length === 0);
      await other.cancel(own!.pid);
      expect(await refused).toMatchObject({ code: 'NETWORK', cause: { code: '57014' } });
      const [{ n: there }] = (await other.query<{ n: string }>(
        `SELECT count(*) AS n FROM pg_available_extensions WHERE name = 'vector'`,
      )) as [{ n: string }];
      await Promise.all([connection.close(), other.close()]);
      if (there !== '0') return;
      const opened = postgresStore(debian.url, 'rows', config, { index: 'hnsw' });
      await expect(opened).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    } finally {
      await debian.remove();
    }
  });
});
