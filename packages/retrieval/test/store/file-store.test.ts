import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { headerBytes } from '../../src/node/file-store/header.ts';
import { fileStore } from '../../src/node.ts';
import { checkConfig } from '../../src/store/check-put.ts';
import { exactSearch, type StoreConfig } from '../../src/index.ts';
import { randomRows } from '../rows.ts';
import { describePersistentStore } from './persistent-suite.ts';
import { countingKernel } from './quantizing-kernel.ts';
import { describeStore } from './store-suite.ts';

const config: StoreConfig = { model: 'm', dim: 4, precision: 'float32' };

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'diptych-store-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const fresh = async () => {
  const path = await folder();
  return (options: StoreConfig) => fileStore(join(path, 'new', 'store'), options);
};

describeStore('file', fresh);
describePersistentStore('file', fresh);

it.runIf(process.platform === 'linux')('does not wait at a pipe in the place of its file', async () => {
  const path = await folder();
  execFileSync('mkfifo', [join(path, 'rows.log')]);
  await expect(fileStore(path, config)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await rm(join(path, 'rows.log'));
  const store = await fileStore(path, config);
  await store.close();
});

it('reads none of its file for ids and metadata', async () => {
  const path = await folder();
  await using store = await fileStore(path, { ...config, fields: { year: 'number' } });
  await store.add(['a', 'b'], randomRows(2, 4, 1), [{ year: 1 }, {}]);
  await writeFile(join(path, 'rows.log'), '');
  expect((await store.entries().next()).value).toEqual({ ids: ['a', 'b'], metadata: [{ year: 1 }, {}] });
  await expect(store.rows().next()).rejects.toThrow('the file ends before');
});

it('has the index of all rows once it is open where a kernel makes it', async () => {
  const path = await folder();
  const { kernel, counted } = countingKernel();
  const ids = Array.from({ length: 2000 }, (_, i) => `${i}`);
  const rows = randomRows(2000, 4, 1);
  {
    await using store = await fileStore(path, config);
    await store.add(ids, rows);
    await store.delete(ids.slice(100, 200));
  }
  await using store = await fileStore(path, config, { kernel });
  expect(counted.rows).toBe(1900);
  const query = randomRows(2, 4, 2);
  const wanted = exactSearch(rows)(query, 5, { allow: (row) => row < 100 || row >= 200 });
  const found = await store.search(query, 5);
  expect(found.map((hits) => hits.map(({ id, score }) => ({ row: Number(id), score })))).toEqual(wanted);
  expect(counted.rows).toBe(1900);
});

/** A log of three calls, and where each ends. */
async function written(): Promise<{ path: string; log: string; bytes: Buffer; ends: number[] }> {
  const path = await folder();
  const log = join(path, 'rows.log');
  const ends: number[] = [];
  {
    await using store = await fileStore(path, config);
    for (const [i, ids] of [['a'], ['b', 'c'], ['d']].entries()) {
      await store.add(ids, randomRows(ids.length, 4, i));
      ends.push((await readFile(log)).length);
    }
  }
  return { path, log, bytes: await readFile(log), ends };
}

it('cut anywhere, has the calls before the cut whole, says what it dropped, and goes on', async () => {
  const { path, log, bytes, ends } = await written();
  const [first, second] = [headerBytes(checkConfig(config)).length / 2, headerBytes(checkConfig(config)).length];
  for (let cut = 0; cut <= bytes.length; cut++) {
    await writeFile(log, bytes.subarray(0, cut));
    await using store = await fileStore(path, config);
    const rows = [0, 1, 3, 4][ends.filter((end) => end <= cut).length]!;
    const start = [0, first, second, ...ends, bytes.length].findLast((end) => end <= cut)!;
    expect(store.recovered).toEqual({ rows, droppedBytes: cut - start });
    await store.upsert(['d'], randomRows(1, 4, 9));
    expect(await store.count()).toBe(Math.min(rows + 1, 4));
  }
});

it('drops zeros that a crash of the machine left at the end', async () => {
  const { path, log, bytes } = await written();
  await writeFile(log, Buffer.concat([bytes, Buffer.alloc(5000)]));
  await using store = await fileStore(path, config);
  expect(store.recovered).toEqual({ rows: 4, droppedBytes: 5000 });
});

it('leaves files alone that are no stores', async () => {
  for (const content of ['a', 'something else', 'x'.repeat(1000)]) {
    const path = await folder();
    await writeFile(join(path, 'rows.log'), content);
    await expect(fileStore(path, config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await readFile(join(path, 'rows.log'), 'utf8')).toBe(content);
    expect(await readdir(path)).toEqual(['rows.log']);
  }
});

it('is held by one at a time', async () => {
  const path = await folder();
  {
    await using _ = await fileStore(path, config);
    await expect(fileStore(path, config)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  }
  await (await fileStore(path, config)).close();
  expect(await readdir(path)).toEqual(['rows.log']);
});
