import { execFileSync } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Embeddings, SearchKernel } from '@diptych/core';
import { expect, it, onTestFinished } from 'vitest';
import { exactSearch, type Store, type StoreConfig } from '../../src/index.ts';
import { StepsOnDisk } from '../../src/node/kept/steps-on-disk.ts';
import { fileStore } from '../../src/node.ts';
import { StepsLost } from '../../src/store/steps-file.ts';
import { randomRows } from '../rows.ts';
import { countingKernel } from './quantizing-kernel.ts';
import { canMount, onSmallDisk } from './small-disk.ts';
import { names } from './store-suite-inputs.ts';

const config: StoreConfig = { model: 'm', dim: 8, precision: 'float32' };
const n = 17_000;
const ids = names(n);
const query = randomRows(1, 8, 2);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'diptych-kept-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

async function write(path: string, rows: Embeddings, kernel?: SearchKernel<'int8'>): Promise<void> {
  await using store = await fileStore(path, config, { kernel });
  await store.upsert(ids, rows);
}

async function found(store: Store): Promise<string[]> {
  const [hits] = await store.search(query, 7);
  return hits!.map(({ id }) => id);
}

function best(rows: Embeddings): string[] {
  return exactSearch(rows)(query, 7)[0]!.map(({ row }) => ids[row]!);
}

/** What is found with a kernel, and how many rows it made steps of. */
async function reopened(path: string): Promise<[found: string[], made: number]> {
  const { kernel, counted } = countingKernel();
  await using store = await fileStore(path, config, { kernel });
  return [await found(store), counted.rows];
}

it('is kept when a store is closed, and read when it is opened', async () => {
  const path = await folder();
  const rows = randomRows(n, 8, 1);
  await write(path, rows, countingKernel().kernel);
  expect(await readdir(path)).toEqual(['rows.index', 'rows.log', 'rows.steps']);
  expect(await reopened(path)).toEqual([best(rows), 0]);
});

it('takes what is written while it is used with it', async () => {
  const path = await folder();
  const rows = randomRows(n, 8, 1);
  await write(path, rows, countingKernel().kernel);
  {
    await using store = await fileStore(path, config, { kernel: countingKernel().kernel });
    rows.data.set(query.data, 8 * 300);
    await store.upsert([ids[300]!], { ...rows, data: query.data, shape: [1, 8] });
    await store.upsert(['new'], { ...rows, data: query.data, shape: [1, 8] });
    await store.delete(['new', best(rows)[1]!]);
  }
  const left = best(rows);
  const [hits, made] = await reopened(path);
  expect(made).toBe(0);
  expect(hits.slice(0, 6)).toEqual([left[0], ...left.slice(2)]);
});

it('is made anew when rows were written without it', async () => {
  const path = await folder();
  await write(path, randomRows(n, 8, 1), countingKernel().kernel);
  const rows = randomRows(n, 8, 5);
  await write(path, rows);
  expect(await reopened(path)).toEqual([best(rows), n]);
  expect(await reopened(path)).toEqual([best(rows), 0]);
});

it('of another store is not believed', async () => {
  const [path, other] = [await folder(), await folder()];
  const rows = randomRows(n, 8, 1);
  await write(path, rows, countingKernel().kernel);
  await write(other, randomRows(n, 8, 5), countingKernel().kernel);
  for (const name of ['rows.index', 'rows.steps']) await copyFile(join(other, name), join(path, name));
  expect(await reopened(path)).toEqual([best(rows), n]);
});

it.each(['rows.index', 'rows.steps'])('with damage in %s, or less of it, is made anew', async (name) => {
  const path = await folder();
  const rows = randomRows(n, 8, 1);
  await write(path, rows, countingKernel().kernel);
  const { size } = await stat(join(path, name));
  const damages = [
    async () => {
      await using file = await open(join(path, name), 'r+');
      await file.write(Buffer.from([213]), 0, 1, size >> 1);
    },
    () => truncate(join(path, name), size - 1),
    () => rm(join(path, name)),
  ];
  for (const damage of damages) {
    await damage();
    expect(await reopened(path)).toEqual([best(rows), n]);
    expect(await reopened(path)).toEqual([best(rows), 0]);
  }
});

it.runIf(process.platform === 'linux').each(['rows.index', 'rows.steps'])(
  'does not wait at a pipe for %s',
  async (name) => {
    const path = await folder();
    const rows = randomRows(n, 8, 1);
    await write(path, rows, countingKernel().kernel);
    await rm(join(path, name));
    execFileSync('mkfifo', [join(path, name)]);
    expect(await reopened(path)).toEqual([best(rows), n]);
  },
);

it.runIf(process.platform !== 'win32')('is not written through a link', async () => {
  const path = await folder();
  const theirs = join(await folder(), 'theirs');
  await writeFile(theirs, 'precious');
  for (const name of ['rows.index', 'rows.index.partial', 'rows.steps']) await symlink(theirs, join(path, name));
  const rows = randomRows(n, 8, 1);
  await write(path, rows, countingKernel().kernel);
  expect(await readFile(theirs, 'utf8')).toBe('precious');
  expect(await reopened(path)).toEqual([best(rows), 0]);
});

it('that says it is larger than its file is made anew', async () => {
  const path = await folder();
  const rows = randomRows(n, 8, 1);
  await write(path, rows, countingKernel().kernel);
  const index = await readFile(join(path, 'rows.index'), 'latin1');
  await writeFile(join(path, 'rows.index'), index.replace(`"rows":${n}`, '"rows":2000000000'), 'latin1');
  expect(await reopened(path)).toEqual([best(rows), n]);
});

it('is not there, and nothing else is amiss, where its files cannot be written', async () => {
  const path = await folder();
  const rows = randomRows(n, 8, 1);
  for (const name of ['rows.index.partial', 'rows.steps']) await mkdir(join(path, name));
  const store = await fileStore(path, config, { kernel: countingKernel().kernel });
  await store.upsert(ids, rows);
  expect(store.engine).toEqual({ name: 'javascript' });
  await store.close();
  expect(store.engine.note).toContain(`the index is not kept, and made anew by the next to open it: `);
  expect(store.engine.note).toContain(`${join(path, 'rows.steps')}: `);
  expect(await reopened(path)).toEqual([best(rows), n]);
});

it.skipIf(!canMount)('says that a disk is too full for it, and loses nothing', async () => {
  const { stdout, stderr } = onSmallDisk(await folder(), '620k', 'test/store/full-disk-index-child.ts');
  expect(stderr).toBe('');
  const told: unknown = JSON.parse(stdout);
  expect(told).toEqual({
    note: expect.stringContaining('ENOSPC') as string,
    files: ['rows.log', 'rows.steps'],
    rows: 17_000,
    found: ['row 300', 'row 300'],
  });
});

it('forgets a row that is damaged in the log', async () => {
  const path = await folder();
  const rows = randomRows(n, 8, 1);
  await write(path, rows, countingKernel().kernel);
  const [worst] = best(rows);
  const row = ids.indexOf(worst!);
  const { size } = await stat(join(path, 'rows.log'));
  {
    await using file = await open(join(path, 'rows.log'), 'r+');
    await file.write(Buffer.alloc(4, 1), 0, 4, size - 32 * (n - row));
  }
  await using store = await fileStore(path, config, { kernel: countingKernel().kernel });
  expect(store.recovered.damaged).toMatchObject([{ id: worst }]);
  const allow = (one: number) => one !== row;
  expect(await found(store)).toEqual(exactSearch(rows)(query, 7, { allow })[0]!.map((hit) => ids[hit.row]));
});

it('has a file without a name, which goes when it is closed', async () => {
  const path = await folder();
  const file = new StepsOnDisk(join(path, 'steps'), 0, { isNameless: true });
  file.write(3, Uint8Array.of(1, 2));
  expect(await readdir(path)).toEqual(process.platform === 'win32' ? ['steps'] : []);
  const read = new Uint8Array(6).fill(9);
  file.read(2, read);
  expect([...read]).toEqual([0, 1, 2, 0, 0, 0]);
  file.close();
  expect(await readdir(path)).toEqual([]);
  expect(() => file.read(0, read)).toThrow(StepsLost);
});
