import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Embeddings } from '@diptych/core';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { exactSearch, type Filter, type Metadata, type Store, type StoreConfig } from '../../src/index.ts';
import { libsqlStore } from '../../src/libsql.ts';
import { randomRows } from '../rows.ts';
import { countingKernel } from './quantizing-kernel.ts';
import { names } from './store-suite-inputs.ts';

const fields = { name: 'string', year: 'number', isRed: 'boolean' } as const;
const config: StoreConfig = { model: 'm', dim: 8, precision: 'float32', fields };
const n = 17_000;
const ids = names(n);
const metadata: Metadata[] = ids.map((_, row) => ({
  ...(row % 3 > 0 && { name: `straße ${row % 300}` }),
  ...(row % 5 > 0 && { year: row / 7 }),
  ...(row % 7 > 0 && { isRed: row % 2 === 0 }),
}));
const query = randomRows(1, 8, 2);
const filter: Filter = {
  and: [
    { field: 'name', eq: 'straße 7' },
    { field: 'year', gt: 100 },
    { field: 'isRed', eq: true },
  ],
};
const passes = (row: number) => row % 300 === 7 && row % 5 > 0 && row / 7 > 100 && row % 7 > 0 && row % 2 === 0;

async function path(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-libsql-kept-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'rows.db');
}

let made = '';
beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'diptych-libsql-made-'));
  await write(join(made, 'rows.db'), randomRows(n, 8, 1));
  await reopened(join(made, 'rows.db'));
});
afterAll(() => rm(made, { recursive: true }));

/** Of a database with rows whose index is kept, and is the caller's alone. */
async function keptPath(): Promise<string> {
  const file = await path();
  await cp(made, dirname(file), { recursive: true });
  return file;
}

/** By SQL alone. */
async function write(file: string, rows: Embeddings): Promise<void> {
  await using store = await libsqlStore(file, config);
  await store.upsert(ids, rows, metadata);
}

/** Those of its index. */
async function filesOf(file: string): Promise<string[]> {
  return (await readdir(dirname(file))).filter((name) => name.includes('kept'));
}

type Counting = ReturnType<typeof countingKernel>;

/** What its index finds, once it has one. */
async function found(store: Store, { counted }: Counting, where?: Filter): Promise<unknown> {
  return vi.waitFor(
    async () => {
      const before = counted.asked;
      const [hits] = await store.search(query, 7, { filter: where });
      expect(counted.asked).toBeGreaterThan(before);
      return hits!.map(({ id, score, metadata: told }) => ({ id, score, told }));
    },
    { timeout: 20_000 },
  );
}

function best(rows: Embeddings, allow: (row: number) => boolean = () => true): unknown {
  const [hits] = exactSearch(rows)(query, 7, { allow });
  return hits!.map(({ row, score }) => ({ id: ids[row]!, score, told: metadata[row] }));
}

/** What is found once it was opened and closed again, and how many rows it made steps of. */
async function reopened(file: string, where?: Filter): Promise<[found: unknown, made: number]> {
  const counting = countingKernel();
  await using store = await libsqlStore(file, config, { kernel: counting.kernel });
  return [await found(store, counting, where), counting.counted.rows];
}

it('is kept beside the database with all that is known of its rows', async () => {
  const file = await path();
  const rows = randomRows(n, 8, 1);
  await write(file, rows);
  expect(await reopened(file)).toEqual([best(rows), n]);
  expect(await filesOf(file)).toEqual(['rows.db-kept.index', 'rows.db-kept.steps']);
  expect(await reopened(file)).toEqual([best(rows), 0]);
  expect(await reopened(file, filter)).toEqual([best(rows, passes), 0]);
});

it.runIf(process.platform === 'linux').each(['index', 'steps'])(
  'does not wait at a pipe for its %s',
  async (ending) => {
    const file = await keptPath();
    const rows = randomRows(n, 8, 1);
    await rm(`${file}-kept.${ending}`);
    execFileSync('mkfifo', [`${file}-kept.${ending}`]);
    expect(await reopened(file)).toEqual([best(rows), n]);
  },
);

it('takes what is written after it was opened, also while it is read', async () => {
  const file = await keptPath();
  const rows = randomRows(n, 8, 1);
  const one = (row: number) => ({ ...rows, data: rows.data.slice(8 * row, 8 * row + 8), shape: [1, 8] as const });
  const isThere = (row: number) => row !== 20 && row !== 400;
  {
    const counting = countingKernel();
    await using store = await libsqlStore(file, config, { kernel: counting.kernel });
    rows.data.set(query.data, 8 * 300);
    await store.upsert([ids[300]!], one(300), [metadata[300]!]);
    await store.delete([ids[20]!]);
    expect(await found(store, counting)).toEqual(best(rows, isThere));
    rows.data.set(
      query.data.map((value) => 2 * value),
      8 * 16_999,
    );
    await store.upsert([ids[16_999]!], one(16_999), [metadata[16_999]!]);
    await store.delete([ids[400]!]);
    expect(await found(store, counting)).toEqual(best(rows, (row) => isThere(row)));
    expect(counting.counted.rows).toBe(2);
  }
  expect(await reopened(file)).toEqual([best(rows, isThere), 0]);
});

it('takes many rows that are written, one call after another, while it is read', async () => {
  const file = await keptPath();
  const rows = randomRows(n, 8, 1);
  const changed = randomRows(n, 8, 7);
  {
    const counting = countingKernel();
    await using store = await libsqlStore(file, config, { kernel: counting.kernel });
    for (let first = 0; first < n; first += 1000) {
      const data = changed.data.slice(8 * first, 8 * (first + 1000));
      const shape = [data.length / 8, 8] as const;
      await store.upsert(ids.slice(first, first + 1000), { ...rows, data, shape }, metadata.slice(first, first + 1000));
    }
    expect(await found(store, counting)).toEqual(best(changed));
  }
  expect(await reopened(file)).toEqual([best(changed), 0]);
});

it('of other rows is not believed', async () => {
  const file = await keptPath();
  const rows = randomRows(n, 8, 5);
  await write(file, rows);
  expect(await reopened(file)).toEqual([best(rows), n]);
  expect(await reopened(file)).toEqual([best(rows), 0]);
});

it('is read by several at once, of which each goes on with its own', async () => {
  const file = await keptPath();
  const rows = randomRows(n, 8, 1);
  const [one, two] = [countingKernel(), countingKernel()];
  const first = await libsqlStore(file, config, { kernel: one.kernel });
  const second = await libsqlStore(file, config, { kernel: two.kernel });
  expect(await found(first, one)).toEqual(best(rows));
  expect(await found(second, two)).toEqual(best(rows));
  expect([one.counted.rows, two.counted.rows]).toEqual([0, 0]);
  rows.data.set(query.data, 8 * 300);
  const changed = { ...rows, data: query.data.slice(), shape: [1, 8] as const };
  await first.upsert([ids[300]!], changed, [metadata[300]!]);
  expect(await found(first, one)).toEqual(best(rows));
  expect(await found(second, two)).toEqual(best(rows));
  expect(one.counted.rows).toBe(1);
  await first.close();
  await second.close();
  expect(await reopened(file)).toEqual([best(rows), 0]);
});

it.each(['index', 'steps'])('with damage in its %s is made anew', async (name) => {
  const file = await keptPath();
  const rows = randomRows(n, 8, 1);
  const kept = `${file}-kept.${name}`;
  const { size } = await stat(kept);
  {
    await using there = await open(kept, 'r+');
    await there.write(Buffer.from([213]), 0, 1, size >> 1);
  }
  expect(await reopened(file)).toEqual([best(rows), n]);
  expect(await reopened(file)).toEqual([best(rows), 0]);
});

it('is not there, and nothing else is amiss, where its files cannot be written', async () => {
  const file = await path();
  const rows = randomRows(n, 8, 1);
  await write(file, rows);
  await mkdir(join(`${file}-kept.steps`, 'in the way'), { recursive: true });
  const counting = countingKernel();
  const store = await libsqlStore(file, config, { kernel: counting.kernel });
  expect(await found(store, counting)).toEqual(best(rows));
  await store.close();
  expect(store.engine.note).toContain('libsqlStore: the index is not kept, and made anew by the next to open it: ');
  expect(await filesOf(file)).toEqual(['rows.db-kept.steps']);
  expect(await reopened(file)).toEqual([best(rows), n]);
});
