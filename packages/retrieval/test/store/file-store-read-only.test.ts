import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fileStore } from '../../src/node.ts';
import { randomRows } from '../rows.ts';

const config = { model: 'm', dim: 4, precision: 'float32' } as const;

it('is opened for reading where nothing can be written', async () => {
  const path = await mkdtemp(join(tmpdir(), 'diptych-read-only-'));
  {
    await using store = await fileStore(path, config);
    await store.add(['a', 'b'], randomRows(2, 4, 1));
  }
  const before = await readFile(join(path, 'rows.log'));
  await chmod(path, 0o555);
  await chmod(join(path, 'rows.log'), 0o444);
  const isRoot = process.getuid!() === 0; // Who may write everywhere.
  if (isRoot) process.seteuid!(65_534);
  onTestFinished(async () => {
    if (isRoot) process.seteuid!(0);
    await chmod(path, 0o755);
    await rm(path, { recursive: true });
  });
  await using store = await fileStore(path, config);
  await using other = await fileStore(path, config);
  expect(await other.count()).toBe(2);
  expect((await store.get(['b']))[0]!.row.data).toEqual(randomRows(2, 4, 1).data.slice(4));
  expect((await store.search(randomRows(2, 4, 1), 1)).map(([hit]) => hit!.id)).toEqual(['a', 'b']);
  const refused = { code: 'UNSUPPORTED', message: expect.stringContaining('open for reading') as string };
  await expect(store.upsert(['c'], randomRows(1, 4, 2))).rejects.toMatchObject(refused);
  await expect(store.delete(['a'])).rejects.toMatchObject(refused);
  expect(await store.count()).toBe(2);
  expect((await readFile(join(path, 'rows.log'))).equals(before)).toBe(true);
  expect(await readdir(path)).toEqual(['rows.log']);
  expect((await stat(path)).isDirectory()).toBe(true);
});
