import { EmbeddingError, quantize } from '@diptych/core';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoreConfig } from '../../src/index.ts';
import { postgresStore } from '../../src/postgres.ts';
import { debianServer, postgresFolder } from '../postgres/debian-server.ts';
import { pgliteServer } from '../postgres/pglite-server.ts';
import type { Server } from '../postgres/server.ts';
import { randomRows } from '../rows.ts';
import { expectConcurrentWriters } from './concurrent-writers.ts';
import { openers } from './killed-stores.ts';
import { expectWhole, written } from './killed-writer.ts';
import { describePersistentStore } from './persistent-suite.ts';
import { describeStore } from './store-suite.ts';
import { names } from './store-suite-inputs.ts';

const bin = postgresFolder();
if (!bin && process.env['CI']) throw new Error('no PostgreSQL here; node tools/postgres.mjs installs it');
const config: StoreConfig = { model: 'm', dim: 8, precision: 'float32' };

describe.skipIf(!bin)('PostgreSQL', () => {
  describeServer(() => debianServer(bin!));
});
describe('PGlite with pgvector', () => {
  const server = describeServer(pgliteServer);

  it('compares rows of float32 itself', async () => {
    await using floats = await postgresStore(server().url, 'floats', config);
    expect(floats.engine).toEqual({ name: 'pgvector' });
    await using bytes = await postgresStore(server().url, 'bytes', { ...config, precision: 'int8' });
    expect(bytes.engine).toMatchObject({ name: 'javascript', note: expect.stringContaining('int8') as string });
    await using long = await postgresStore(server().url, 'long', { ...config, dim: 16_001 });
    expect(long.engine).toMatchObject({ name: 'javascript', note: expect.stringContaining('16000') as string });
  });
});

function describeServer(make: () => Promise<Server>): () => Server {
  let server!: Server;
  beforeAll(async () => {
    server = await make();
  });
  afterAll(() => server.remove());

  const fresh = async () => {
    const table = `it's "${crypto.randomUUID()}"`;
    return (options: StoreConfig) => postgresStore(server.url, table, options);
  };
  describeStore('postgres', fresh);
  describePersistentStore('postgres', fresh);

  it('says which table and row is damaged, and gives all others', async () => {
    await using store = await postgresStore(server.url, 'damaged', { ...config, precision: 'int8' });
    await store.add(['a', 'b'], quantize(randomRows(2, 8, 1), 'int8'));
    const client = new Client({ connectionString: server.url });
    await client.connect();
    await client.query(`UPDATE damaged SET bytes = substr(bytes, 1, 5) WHERE id = 'b'`);
    await client.end();
    expect((await store.get(['a']))[0]!.row.shape).toEqual([1, 8]);
    await expect(store.get(['b'])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/table "damaged": 'b': expected a row of 8 bytes, got 5/) as string,
    });
  });

  it('is shared by writers at the same time', async () => {
    const open = await fresh();
    const stores = await Promise.all([1, 2, 3].map(() => open(config)));
    await stores[0]!.add(['a'], randomRows(1, 8, 1));
    await expect(stores[1]!.add(['a'], randomRows(1, 8, 2))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const base = randomRows(40, 8, 3);
    const turned = names(40).toReversed();
    await Promise.all(stores.map((store, i) => store.upsert(i === 1 ? turned : names(40), base)));
    await Promise.all(stores.map((store, i) => store.add([`own ${i}`], randomRows(1, 8, i))));
    for (const store of stores) expect(await store.count()).toBe(44);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('takes writes of several processes at once', async () => {
    await expectConcurrentWriters('concurrent', server.url);
  });

  it('leaves tables alone that are no stores', async () => {
    const client = new Client(server.url);
    await client.connect();
    await client.query('CREATE TABLE other (a int); INSERT INTO other VALUES (1)');
    await expect(postgresStore(server.url, 'other', config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect((await client.query('SELECT * FROM other')).rows).toEqual([{ a: 1 }]);
    await client.end();
  });

  it('says when no server answers or the table is gone, without the password', async () => {
    const nowhere = postgresStore('postgres://user:secret@127.0.0.1:1/x', 'rows', config);
    const lost: unknown = await nowhere.catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(EmbeddingError);
    expect(lost).toMatchObject({ code: 'NETWORK', message: expect.not.stringContaining('secret') as string });
    await using store = await postgresStore(server.url, 'gone', config);
    const client = new Client(server.url);
    await client.connect();
    await client.query('DROP TABLE gone');
    await client.end();
    await expect(store.count()).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching('expected an answer of the server'),
    });
  });

  it('fails when the server is killed under it, and goes on once it is back', async () => {
    await using store = await (await fresh())(config);
    await store.add(['before'], randomRows(1, 8, 1));
    const adding = store.add(names(20_000), randomRows(20_000, 8, 2));
    await Promise.all([expect(adding).rejects.toMatchObject({ code: 'NETWORK' }), server.kill()]);
    await expect(store.count()).rejects.toMatchObject({ code: 'NETWORK' });
    await server.start();
    expect(await store.count()).toBe(1);
    await store.add(['after'], randomRows(1, 8, 3));
    expect(await store.count()).toBe(2);
  });

  it('keeps whole calls and all acknowledged, whether writer or server is killed', async () => {
    for (const calls of [1, 4, 9]) {
      const { acknowledged } = await written('postgres', server.url, calls, (child) => child.kill('SIGKILL'));
      await using store = await openers['postgres']!(server.url);
      await expectWhole(store, acknowledged);
    }
    for (const calls of [2, 5]) {
      let killed: Promise<void> | undefined;
      const kill = () => void (killed = server.kill());
      const { acknowledged, errors } = await written('postgres', server.url, calls, kill);
      await killed;
      expect(errors).toMatch(/NETWORK[^]*expected a connection|expected a connection[^]*NETWORK/);
      await server.start();
      await using store = await openers['postgres']!(server.url);
      await expectWhole(store, acknowledged);
    }
  }, 300_000);

  return () => server;
}
