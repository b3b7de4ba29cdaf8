import { quantize } from '@diptych/core';
import { given } from '@diptych/golden';
import { Client, Connection as Wire } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { exactSearch, type Store, type StoreConfig } from '../../src/index.ts';
import { Connection } from '../../src/node/postgres/connection.ts';
import { postgresStore } from '../../src/postgres.ts';
import { randomRows, rows } from '../rows.ts';
import { names, years } from '../store/store-suite-inputs.ts';
import { debianServer, postgresFolder } from './debian-server.ts';
import type { Server } from './server.ts';

const [dim, n] = [8, 300];
const config: StoreConfig = { model: 'm', dim, precision: 'float32', fields: { year: 'number', kind: 'string' } };
const bin = postgresFolder();

describe.skipIf(!bin)('PostgreSQL', () => {
  let server!: Server;
  beforeAll(async () => {
    server = await debianServer(bin!);
  });
  afterAll(() => server.remove());

  const connect = () => {
    const connection = new Connection(Client, server.url, 'here');
    onTestFinished(() => connection.close());
    return connection;
  };
  /** How often rows are copied from here on. */
  const copies = () => {
    const wire: { readonly sendCopyFromChunk: () => void } = given(Wire.prototype);
    const spy = vi.spyOn(wire, 'sendCopyFromChunk');
    onTestFinished(() => spy.mockRestore());
    return spy;
  };
  const all = (table: string) => connect().query(`SELECT * FROM ${table} ORDER BY place`);

  it.each(['float32', 'int8', 'ubinary'] as const)('copies many rows of %s as few are inserted', async (precision) => {
    const spy = copies();
    const metadata = years(n).map((one, i) => ({ ...one, ...(i % 2 === 0 ? {} : { kind: `"\\${i}' é\u2028` }) }));
    const piece = (first: number, end: number) =>
      [
        names(n).slice(first, end),
        quantize(rows(dim, randomRows(n, dim, 1).data.slice(first * dim, end * dim)), precision),
        metadata.slice(first, end),
      ] as const;
    await using few = await postgresStore(server.url, `few_${precision}`, { ...config, precision });
    for (let first = 0; first < n; first += 100) await few.add(...piece(first, first + 100));
    expect(spy).not.toHaveBeenCalled();
    await using many = await postgresStore(server.url, `many_${precision}`, { ...config, precision });
    await many.add(...piece(0, 150));
    await many.upsert(...piece(150, n));
    expect(spy).toHaveBeenCalledTimes(2);
    expect(await many.get(names(n))).toEqual(await few.get(names(n)));
    expect(await all(`many_${precision}`)).toEqual(await all(`few_${precision}`));
  });

  it('leaves the place of a row that is there, whose values it takes, and stores nothing of an add', async () => {
    await using store = await postgresStore(server.url, 'there', config);
    await store.add(['row 7', 'other'], randomRows(2, dim, 1));
    await expect(store.add(names(n), randomRows(n, dim, 2), years(n))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await store.count()).toBe(2);
    await store.upsert(names(n), randomRows(n, dim, 2), years(n));
    const order: string[] = [];
    for await (const { ids } of store.entries()) order.push(...ids);
    expect(order).toEqual(['row 7', 'other', ...names(n).filter((id) => id !== 'row 7')]);
    const [seventh] = await store.get(['row 7']);
    expect(seventh!.row.data).toEqual(randomRows(n, dim, 2).data.slice(7 * dim, 8 * dim));
  });

  it('says what the server refuses of a copy, undoes it, and goes on', async () => {
    const connection = connect();
    await connection.query('CREATE TABLE numbers (a int NOT NULL)');
    const copied = connection.transaction(async (query, copy) => {
      await query('INSERT INTO numbers VALUES (1)');
      await copy('COPY numbers FROM STDIN', Buffer.from('2\nthree\n'));
    });
    await expect(copied).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(/an answer of the server, got .*three/) as string,
    });
    const refused = connection.transaction((_, copy) => copy('COPY nothing FROM STDIN', Buffer.from('')));
    await expect(refused).rejects.toMatchObject({ code: 'NETWORK' });
    expect(await connection.query('SELECT * FROM numbers')).toEqual([]);
  });

  it('finds no deleted or half row while rows are copied and deleted by another', async () => {
    const known = await connect().query(`SELECT FROM pg_available_extensions WHERE name = 'vector'`);
    const options = known.length > 0 ? ({ index: 'hnsw' } as const) : {};
    await using writer = await postgresStore(server.url, 'shared', config, options);
    await using reader = await postgresStore(server.url, 'shared', config, options);
    const query = randomRows(1, dim, 99);
    const idOf = (call: number, i: number) => `${call}/${i}`;
    const scores = new Map<string, number>();
    for (let call = 0; call < calls; call++) {
      for (const { row, score } of exactSearch(randomRows(n, dim, call))(query, n)[0]!) {
        scores.set(idOf(call, row), score);
      }
    }
    let gone: ReadonlySet<string> = new Set();
    const writing = (async () => {
      for (let call = 0; call < calls; call++) {
        const ids = Array.from({ length: n }, (_, i) => idOf(call, i));
        await writer.add(ids, randomRows(n, dim, call), years(n));
        const half = ids.filter((_, i) => i % 2 === 0);
        await writer.delete(half);
        gone = new Set([...gone, ...half]);
      }
    })();
    const state = { ended: false };
    const end = writing.finally(() => (state.ended = true));
    do {
      for (const exact of reader.engine.index ? [true, false] : [true]) {
        const before = gone;
        const [hits] = await reader.search(query, calls * n, { exact });
        for (const { id, score } of hits!) {
          expect(before.has(id)).toBe(false);
          expect(score).toBe(scores.get(id));
        }
      }
    } while (!state.ended);
    await end;
    expect(await foundIn(reader, query)).toEqual([...scores.keys()].filter((id) => !gone.has(id)).toSorted());
  });
});

const calls = 6;

async function foundIn(store: Store, query: ReturnType<typeof rows>): Promise<string[]> {
  const [hits] = await store.search(query, calls * n);
  return hits!.map(({ id }) => id).toSorted();
}
