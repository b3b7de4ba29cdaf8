import { copyFile, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Database from 'libsql';
import { expect, it, onTestFinished } from 'vitest';
import type { StoreConfig } from '../../src/index.ts';
import { LibsqlStorage } from '../../src/node/libsql/libsql-storage.ts';
import { libsqlStore } from '../../src/libsql.ts';
import { checkConfig } from '../../src/store/check-put.ts';
import { itemsOf } from '../../src/store/items.ts';
import { randomRows } from '../rows.ts';
import { expectConcurrentWriters } from './concurrent-writers.ts';
import { describePersistentStore } from './persistent-suite.ts';
import { describeStore } from './store-suite.ts';
import { names } from './store-suite-inputs.ts';

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

it.each(['{"model":', 'null', '[]', '{"model":"m","dim":8,"precision":{},"fields":null}'])(
  'says that %s is no configuration of a store',
  async (damaged) => {
    const file = await path();
    await (await libsqlStore(file, config)).close();
    const database = new Database(file);
    database.prepare('UPDATE diptych_config SET config = ?').run([damaged]);
    database.close();
    await expect(libsqlStore(file, config)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/rows\.db: (configuration of the store: )?expected/) as string,
    });
  },
);

it('lets SQLite compare rows of float32', async () => {
  const open = await fresh();
  await using floats = await open(config);
  expect(floats.engine).toEqual({ name: 'sqlite-vec' });
  await using bytes = await (await fresh())({ ...config, precision: 'int8' });
  expect(bytes.engine).toMatchObject({ name: 'javascript', note: expect.stringContaining('int8') as string });
});

it('refuses a row that is not what was written, and only that', async () => {
  const file = await path();
  const base = randomRows(3, 8, 1);
  await using store = await libsqlStore(file, { ...config, fields: { n: 'number' } });
  await store.add(['a', 'b', 'c'], base, [{ n: 1 }, {}, { n: 0.1 }]);
  const database = new Database(file);
  const damages = ['bytes = zeroblob(32)', 'field_0 = 2', "id = 'd'"];
  for (const damage of damages) {
    database.exec(`UPDATE diptych_rows SET ${damage} WHERE id = 'b'`);
    const id = damage.startsWith('id') ? 'd' : 'b';
    await expect(store.get([id])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(
        `rows.db: '${id}': expected what was written, got a row damaged on the disk`,
      ) as string,
    });
    expect((await store.get(['a', 'c'])).map((row) => row?.metadata)).toEqual([{ n: 1 }, { n: 0.1 }]);
    await store.delete([id]);
    await store.upsert(['b'], { ...base, data: base.data.slice(8, 16), shape: [1, 8] });
    expect((await store.get(['b']))[0]!.row.data).toEqual(base.data.slice(8, 16));
  }
  database.close();
});

it('reads and writes a store of before there were checksums', async () => {
  const file = await path();
  {
    await using store = await libsqlStore(file, config);
    await store.add(['a'], randomRows(1, 8, 1));
  }
  const database = new Database(file);
  database.exec('ALTER TABLE diptych_rows DROP COLUMN checksum');
  database.close();
  await using store = await libsqlStore(file, config);
  await store.upsert(['b'], randomRows(1, 8, 2));
  expect((await store.get(['a', 'b'])).map((row) => row!.row.data)).toEqual([
    randomRows(1, 8, 1).data,
    randomRows(1, 8, 2).data,
  ]);
});

/** What is garbage goes: libsql has no other way to end a statement, which keeps its database. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

it.skipIf(process.platform !== 'linux')(
  'closes every file that it opened, once its statements are collected',
  async () => {
    const file = await path();
    const opened = async () =>
      (
        await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
      ).filter((target) => target.startsWith(file));
    for (const round of [1, 2, 3]) {
      const store = await libsqlStore(file, config);
      await store.upsert([`${round}`], randomRows(1, 8, round));
      for await (const _ of store.rows()) break;
      await store.search(randomRows(1, 8, 4), 1);
      expect(await opened()).not.toEqual([]);
      await store.close();
      await expect.poll(async () => (collect(), opened())).toEqual([]);
    }
    await expect(libsqlStore(file, { ...config, dim: 9 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect.poll(async () => (collect(), opened())).toEqual([]);
  },
);

it('says that the disk is full, keeps what was stored, and closes', async () => {
  const file = await path();
  const database = new Database(file);
  const storage = new LibsqlStorage(database, file, checkConfig(config), { engine: { name: 'javascript' } });
  await storage.put(itemsOf(['a'], randomRows(1, 8, 1), undefined));
  // A file that may not grow: SQLite does as on a full disk.
  const [counted] = database.prepare('PRAGMA page_count').all([]) as { page_count: number }[];
  database.exec(`PRAGMA max_page_count = ${counted!.page_count}`);
  const many = itemsOf(names(5000), randomRows(5000, 8, 2), undefined);
  const full = { code: 'INPUT_INVALID', message: expect.stringMatching(/rows\.db: .*full/) as string };
  await expect(storage.put(many)).rejects.toMatchObject(full);
  await expect(storage.add(many)).rejects.toMatchObject(full);
  expect(await storage.count()).toBe(1);
  await storage.close();
  expect(() => database.exec('SELECT 1')).toThrow(/not open/);
});

it('keeps the order of more rows than one statement takes, of which some are there', async () => {
  const file = await path();
  const wide: StoreConfig = { ...config, dim: 30_000, fields: { n: 'number' } };
  const rows = randomRows(8, 30_000, 1);
  const rowAt = (row: number) => rows.data.slice(30_000 * row, 30_000 * (row + 1));
  await using store = await libsqlStore(file, wide);
  await store.add(['row 5', 'row 2'], { ...rows, data: rows.data.slice(0, 60_000), shape: [2, 30_000] });
  const metadata = Array.from({ length: 8 }, (_, n) => ({ n: n / 10 }));
  await store.upsert(names(8), rows, metadata);
  const order = [5, 2, 0, 1, 3, 4, 6, 7];
  const found = [];
  for await (const block of store.rows()) found.push(block);
  expect(found.flatMap(({ ids }) => ids)).toEqual(order.map((row) => `row ${row}`));
  expect(found.flatMap((block) => block.metadata)).toEqual(order.map((row) => metadata[row]));
  expect((await store.get(order.map((row) => `row ${row}`))).map((row) => row!.row.data)).toEqual(order.map(rowAt));
});
