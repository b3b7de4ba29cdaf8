import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import type { StoreConfig } from '../../src/index.ts';
import { libsqlStore } from '../../src/libsql.ts';
import { randomRows } from '../rows.ts';
import { expectConcurrentWriters } from './concurrent-writers.ts';
import { describePersistentStore } from './persistent-suite.ts';
import { describeStore } from './store-suite.ts';

async function path(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-libsql-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'rows.db');
}

const fresh = async () => {
  const file = await path();
  return (config: StoreConfig) => libsqlStore(file, config);
};
const config: StoreConfig = { model: 'm', dim: 8, precision: 'float32' };

describeStore('libsql', fresh);
describePersistentStore('libsql', fresh);

it('is shared by two that have it open', async () => {
  const open = await fresh();
  await using one = await open(config);
  await using two = await open(config);
  await one.add(['a'], randomRows(1, 8, 1));
  await expect(two.add(['a'], randomRows(1, 8, 2))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await two.add(['b'], randomRows(1, 8, 2));
  expect([await one.count(), await two.count()]).toEqual([2, 2]);
});

it('takes writes of several processes at once', async () => {
  await expectConcurrentWriters('libsql', dirname(await path()));
});

it('is its file alone once it is closed', async () => {
  const file = await path();
  {
    await using store = await libsqlStore(file, config);
    await store.add(['a'], randomRows(1, 8, 1));
  }
  const copy = await path();
  await copyFile(file, copy);
  await using store = await libsqlStore(copy, config);
  expect(store.recovered.rows).toBe(1);
});

it('leaves other tables and other files alone', async () => {
  const file = await path();
  const database = new Database(file);
  database.exec('CREATE TABLE rows (a); INSERT INTO rows VALUES (1)');
  await (await libsqlStore(file, config)).close();
  expect(database.prepare('SELECT a FROM rows').all([])).toMatchObject([{ a: 1 }]);
  database.close();

  const text = `${await path()}.txt`;
  await writeFile(text, 'something else, long enough to be a header of a database'.repeat(100));
  await expect(libsqlStore(text, config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await readFile(text, 'utf8')).toMatch(/^something else/);
});

it('lets SQLite compare rows of float32', async () => {
  const open = await fresh();
  await using floats = await open(config);
  expect(floats.engine).toEqual({ name: 'sqlite-vec' });
  await using bytes = await (await fresh())({ ...config, precision: 'int8' });
  expect(bytes.engine).toMatchObject({ name: 'javascript', note: expect.stringContaining('int8') as string });
});
