import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantize, turn } from '@diptych/core';
import { expect, it, onTestFinished } from 'vitest';
import { fileStore } from '../../src/node.ts';
import { exactSearch, type StoreConfig } from '../../src/index.ts';
import { randomRows } from '../rows.ts';
import { countingKernel } from './quantizing-kernel.ts';
import { canMount, onSmallDisk } from './small-disk.ts';
import { version1 } from './version-1.ts';

const config: StoreConfig = { model: 'm', dim: 4, precision: 'int8', fields: { n: 'number' } };
const ids = Array.from({ length: 1200 }, (_, i) => `${i}`);
const metadata = ids.map((_, n) => ({ n }));
const rows = (seed: number, n = ids.length) => quantize(randomRows(n, 4, seed), 'int8');

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'diptych-compaction-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it('rewrites its log while it is used, gives the space back, and leaves nothing', async () => {
  const path = await folder();
  const log = join(path, 'rows.log');
  await writeFile(`${log}.partial`, 'of a rewriting that was killed');
  {
    await using store = await fileStore(path, config);
    await store.add(ids, rows(1), metadata);
    const full = (await stat(log)).size;
    const replaced = store.upsert(ids, rows(2), metadata); // Half is dead now.
    await replaced;
    // What is written and read meanwhile.
    const blocks = store.rows();
    const [first, ...later] = await Promise.all([
      blocks.next(),
      ...[3, 4, 5].map((seed) => store.upsert([`${seed}`, `new ${seed}`], rows(seed, 2), [{ n: seed }, { n: -seed }])),
      store.delete(ids.slice(600)),
    ]);
    expect(first.done).toBe(false);
    expect(later.at(-1)).toBe(600);
    await store.upsert(['0'], rows(9, 1), [{ n: 9 }]);
    expect(await store.count()).toBe(603);
    await expect.poll(async () => (await stat(log)).size).toBeLessThan(full);
  }
  expect(await readdir(path)).toEqual(['rows.log']);
  await using store = await fileStore(path, config);
  expect(store.recovered).toEqual({ rows: 603, droppedBytes: 0 });
  const [zero, three, six, gone, added] = await store.get(['0', '3', '6', '600', 'new 4']);
  expect([zero, three, six, gone, added].map((one) => one?.metadata['n'])).toEqual([9, 3, 6, undefined, -4]);
  expect(six!.row.data).toEqual(rows(2).data.slice(24, 28));
  expect(six!.row.scales).toEqual(rows(2).scales!.slice(6, 7));
  const order: string[] = [];
  for await (const block of store.rows()) order.push(...block.ids);
  expect(order).toEqual([...ids.slice(0, 600), 'new 3', 'new 4', 'new 5']);
});

it('gives all rows in order although its log is rewritten in between', async () => {
  const path = await folder();
  await using store = await fileStore(path, { ...config, dim: 1024, fields: {} });
  const long = quantize(randomRows(1200, 1024, 1), 'int8');
  await store.add(ids, long);
  const blocks = store.rows();
  const order = [...(await blocks.next()).value!.ids];
  const full = (await stat(join(path, 'rows.log'))).size;
  await store.upsert(ids, long);
  await expect.poll(async () => (await stat(join(path, 'rows.log'))).size).toBeLessThan(1.1 * full);
  for await (const block of blocks) order.push(...block.ids);
  expect(order).toEqual(ids);
});

it('finds all of the best while rows get other slots, whose index is there when they are', async () => {
  const { kernel, counted } = countingKernel();
  const floats: StoreConfig = { model: 'm', dim: 8, precision: 'float32' };
  const path = await folder();
  const [all, query] = [randomRows(6000, 8, 1), randomRows(1, 8, 2)];
  const known = Array.from({ length: 6000 }, (_, i) => `${i}`);
  {
    await using store = await fileStore(path, floats);
    await store.add(known, all);
  }
  await using store = await fileStore(path, floats, { kernel });
  expect(counted.rows).toBe(6000);
  expect(await store.delete(known.slice(0, 4000))).toBe(4000);
  const wanted = exactSearch(all)(query, 5, { allow: (row) => row >= 4000 })[0]!;
  for (let searches = 0; counted.rows < 8000 || searches < 10; searches++) {
    const [hits] = await store.search(query, 5);
    expect(hits!.map(({ id, score }) => ({ row: Number(id), score }))).toEqual(wanted);
    await turn();
  }
  await store.upsert(['5999'], randomRows(1, 8, 3)); // Waits for what is under way.
  const before = counted.rows;
  await store.search(query, 5);
  expect([before, counted.rows]).toEqual([8001, 8001]);
});

it('makes a log of version 1 one of version 2, and keeps what is damaged in it', async () => {
  const path = await folder();
  const log = join(path, 'rows.log');
  const damaged = Buffer.from(version1);
  damaged[200]! ^= 1;
  await writeFile(log, damaged);
  const floats: StoreConfig = { ...config, precision: 'float32' };
  {
    await using store = await fileStore(path, floats);
    for (const _ of [1, 2, 3]) await store.upsert(ids, randomRows(ids.length, 4, 1));
  }
  expect((await readFile(log)).includes('"version":2')).toBe(true);
  expect((await readFile(join(path, 'rows.damaged'))).equals(damaged.subarray(116, 201))).toBe(true);
  await using store = await fileStore(path, floats);
  expect(store.recovered).toEqual({ rows: ids.length + 3, droppedBytes: 0 });
});

it('goes on with its log as it is when there is no room for another', async () => {
  const path = await folder();
  const log = join(path, 'rows.log');
  await using store = await fileStore(path, config);
  await mkdir(`${log}.partial`); // No file can be made there.
  for (const seed of [1, 2, 3]) await store.upsert(ids, rows(seed), metadata);
  expect(await store.count()).toBe(1200);
  expect((await store.get(['7']))[0]!.row.data).toEqual(rows(3).data.slice(28, 32));
});

it.skipIf(!canMount)('loses nothing on a disk that is full, and opens there', async () => {
  const { stdout, stderr } = onSmallDisk(await folder(), '200k', 'test/store/full-disk-child.ts');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    refused: 'INPUT_INVALID',
    isFull: true,
    before: { rows: 1200, right: 1200 },
    after: { rows: 1200, right: 1200 },
    files: ['filler', 'rows.log'],
  });
});
