import { given } from '@diptych/golden';
import { postgresStore } from '@diptych/retrieval/postgres';
import { natsCommand, type NatsServers, natsServers } from '@diptych/testkit/nats';
import { postgresFolder, type PostgresServer, postgresServer } from '@diptych/testkit/postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fleetStatus, postgresSink, type Shard, type SinkOptions, verify, work } from '../src/index.ts';
import { fleetOf, lengths, model, submitted } from './fleet-of.ts';

const command = natsCommand();
const bin = postgresFolder();
let servers!: NatsServers;
let database!: PostgresServer;

beforeAll(async () => {
  if (command === undefined || bin === undefined) return;
  [servers, database] = await Promise.all([natsServers(command), postgresServer(bin)]);
});
afterAll(async () => Promise.all([servers?.remove(), database?.remove()]));

const config = { model: model.id, dim: model.dim, precision: 'float32' } as const;

async function sinkOf(table: string, options: SinkOptions = {}) {
  const sink = await postgresSink(database.url, table, config, options);
  onTestFinished(async () => sink[Symbol.asyncDispose]());
  return sink;
}

async function storeOf(table: string) {
  const store = await postgresStore(database.url, table, config);
  onTestFinished(async () => store.close());
  return store;
}

async function query(sql: string): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** Items of a shard as rows, as a worker has them. */
async function* blocksOf(names: readonly string[], value: number) {
  for (const name of names)
    yield { names: [name], rows: { ...config, data: Float32Array.of(value, 1), shape: [1, 2] as const } };
}

const finishedOf =
  (shard: number, worker: string, skipped: readonly string[] = []) =>
  () => ({
    job: 'j',
    plan: 'p',
    shard,
    items: 2,
    names: 'n',
    worker,
    deliveries: 1,
    begun: 1,
    ended: 2,
    skipped: skipped.map((name) => ({ place: 1, name, problem: 'p' })),
  });

describe.skipIf(command === undefined || bin === undefined)('rows in PostgreSQL', () => {
  it('are there once, by two workers, and are searched; what was left out is told', async () => {
    const fleet = await fleetOf(servers.urls, 'rows');
    const { names } = await submitted(fleet, { count: 23, shardSize: 5, empty: [7] });
    const other = await fleetOf(servers.urls, 'rows');
    const options = async (worker: string) => ({ space: lengths(), model, worker, sink: await sinkOf('two') });
    await Promise.all([work(fleet, await options('a')), work(other, await options('b'))]);
    const sink = await sinkOf('two');
    expect(await verify(fleet, { sink })).toEqual({ shards: 5, items: 23, rows: 22, skipped: 1, problems: [] });
    const store = await storeOf('two');
    const stored = await store.get(names);
    expect(stored.map((one) => one && [...one.row.data])).toEqual(
      names.map((_, i) => (i === 7 ? undefined : [1 + (i % 7), i % 251])),
    );
    const [hits] = await store.search({ ...config, data: Float32Array.of(1, 0), shape: [1, 2] }, 1);
    expect(hits!.map(({ id }) => id)).toEqual(['0.jpg']);
  });

  it('are those of whoever was first, however often a shard is done', async () => {
    const sinks = await Promise.all(['a', 'b'].map(async () => sinkOf('first')));
    const shard: Shard = { shard: 0, items: 2, names: 'n' };
    const names = ['x', 'y'];
    const reports = await Promise.all(
      sinks.map(async (sink, i) => sink.put(shard, blocksOf(names, i + 1), finishedOf(0, `w${i}`))),
    );
    expect(reports[0]).toEqual(reports[1]);
    const again = await sinks[1]!.put(shard, blocksOf(['x'], 7), finishedOf(0, 'late', ['y']));
    expect(again).toEqual(reports[0]);
    expect(await sinks[0]!.find(0)).toEqual(reports[0]);
    expect(await sinks[0]!.check(again)).toEqual({ names, problems: [] });
    expect(await sinks[0]!.others(1)).toEqual([]);
    const store = await storeOf('first');
    const value = Number(reports[0]!.worker.slice(1)) + 1;
    expect((await store.get(names)).map((one) => [...one!.row.data])).toEqual([
      [value, 1],
      [value, 1],
    ]);
  });

  it('that a worker left when it was killed before it said so are replaced', async () => {
    const sink = await sinkOf('killed');
    const store = await storeOf('killed');
    await store.upsert(['x', 'y'], { ...config, data: Float32Array.of(9, 9, 9, 9), shape: [2, 2] });
    expect(await sink.find(0)).toBeUndefined();
    const report = await sink.put({ shard: 0, items: 2, names: 'n' }, blocksOf(['x'], 1), finishedOf(0, 'w', ['y']));
    expect(await sink.check(report)).toEqual({ names: ['x'], problems: [] });
    expect(await sink.others(1)).toEqual([]);
    expect((await store.get(['x', 'y'])).map((one) => one && [...one.row.data])).toEqual([[1, 1], undefined]);
  });

  it('that are damaged, missing or of nobody are told', async () => {
    const fleet = await fleetOf(servers.urls, 'damaged-rows');
    await submitted(fleet, { count: 8, shardSize: 2 });
    const sink = await sinkOf('damaged');
    await work(fleet, { space: lengths(), model, worker: 'a', sink });
    const store = await storeOf('damaged');
    await store.delete(['3.jpg']);
    // Of one row another, and one that no shard has.
    await store.upsert(['0.jpg', 'z'], { ...config, data: Float32Array.of(1, 1, 1, 1), shape: [2, 2] });
    await query('DELETE FROM damaged_shards WHERE shard = 2');
    await query(`INSERT INTO damaged_shards SELECT 9, report, '{}' FROM damaged_shards WHERE shard = 3`);
    const problems = [
      expect.stringMatching(/^shard 0: table 'damaged': expected SHA-256 \w{64}, got \w{64}$/),
      "shard 1: table 'damaged': expected 2 rows, got 1",
      'shard 2: expected its rows, got none',
      "table 'damaged': shard 9: expected nothing, which no shard wrote",
      "table 'damaged': 2 rows: expected nothing, which no shard wrote",
    ];
    expect((await verify(fleet, { sink })).problems).toEqual(problems);
  });

  it('outlive a server that is stopped and started again, which is said once', async () => {
    const notes: string[] = [];
    const fleet = await fleetOf(servers.urls, 'stopped-rows');
    await submitted(fleet, { count: 12, shardSize: 2 });
    const sink = await sinkOf('stopped', { onNote: (line) => notes.push(line) });
    let isUp = Promise.resolve();
    const space = lengths(async (name) => {
      if (!name.endsWith('/5.jpg')) return;
      await database.stop();
      isUp = new Promise((resolve) => setTimeout(resolve, 300)).then(async () => database.start());
    });
    await work(fleet, { space, model, worker: 'a', sink });
    await isUp;
    expect(await verify(fleet, { sink })).toMatchObject({ rows: 12, problems: [] });
    expect(await fleetStatus(fleet)).toMatchObject({ done: 6, redelivered: 0 });
    expect(notes).toEqual([expect.stringContaining('PostgreSQL does not answer'), 'PostgreSQL answers again']);
    expect(notes.join()).not.toContain('secret');
  });

  it('wait for a server no longer than the signal', async () => {
    const stop = new AbortController();
    const sink = await sinkOf('waiting', { signal: stop.signal, onNote: () => stop.abort(new Error('enough')) });
    await database.stop();
    try {
      await expect(sink.find(0)).rejects.toThrow('enough');
      const silent = postgresSink(database.url, 'waiting', config);
      await expect(silent).rejects.toMatchObject({
        code: 'NETWORK',
        message: expect.not.stringContaining('secret') as string,
      });
    } finally {
      await database.start();
    }
  });

  it('of another model, and in a table without a name of its own, are refused', async () => {
    await sinkOf('mine');
    const others = postgresSink(database.url, 'mine', { ...config, model: 'another' });
    await expect(others).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const long = postgresSink(database.url, 'x'.repeat(57), config);
    await expect(long).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});

it('an address that is none is refused', async () => {
  await expect(postgresSink(given(1), 't', config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(postgresSink('postgres://127.0.0.1:9/x', 't', config)).rejects.toMatchObject({ code: 'NETWORK' });
});
