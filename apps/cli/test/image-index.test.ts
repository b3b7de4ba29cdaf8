import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Embeddings, type Precision, quantize } from '@diptych/core';
import { expect, it } from 'vitest';
import type { Identity } from '../src/image-index/identity.ts';
import type { Entry, ImageIndex } from '../src/image-index/image-index.ts';
import { openImageIndex } from '../src/image-index/open-image-index.ts';
import { temporaryFolder } from './workspace.ts';

const dim = 3;

const row = (...values: number[]): Embeddings => ({
  precision: 'float32',
  data: Float32Array.from(values),
  shape: [values.length / dim, dim],
  model: 'm',
});

const identity = (precision: Precision = 'float32', probe = row(1, 2, 3)): Identity => ({ precision, probe });

const entry = (key: string, mtimeMs = 1): Entry => ({ key, stamp: { size: 10, mtimeMs } });

/** Opens, works, closes. */
async function withIndex<R>(folder: string, work: (index: ImageIndex) => Promise<R>, as = identity()): Promise<R> {
  await using index = await openImageIndex(folder, as);
  return await work(index);
}

/** Every row with its key. */
async function contents(index: ImageIndex): Promise<Record<string, number[]>> {
  const found: Record<string, number[]> = {};
  for await (const { keys, rows } of index.blocks()) {
    keys.forEach((key, i) => (found[key] = [...rows.data.subarray(i * dim, (i + 1) * dim)]));
  }
  return found;
}

it('keeps rows from one opening to the next', async () => {
  const folder = await temporaryFolder();
  await withIndex(folder, (index) => index.add([entry('a'), entry('b')], row(1, 0, 0, 0, 1, 0)));
  await withIndex(folder, async (index) => {
    expect(await contents(index)).toEqual({ a: [1, 0, 0], b: [0, 1, 0] });
    expect([index.has(entry('a')), index.has(entry('a', 2)), index.has(entry('c'))]).toEqual([true, false, false]);
    expect(index.dropped).toBe(0);
  });
});

it('replaces the row of a changed file and forgets that of a removed one', async () => {
  const folder = await temporaryFolder();
  await withIndex(folder, async (index) => {
    await index.add([entry('a'), entry('b')], row(1, 0, 0, 0, 1, 0));
    await index.add([entry('a', 2)], row(0, 0, 1));
    await index.remove(['b']);
    expect(await contents(index)).toEqual({ a: [0, 0, 1] });
  });
  await withIndex(folder, async (index) => expect(await contents(index)).toEqual({ a: [0, 0, 1] }));
});

it('drops a torn end, says how long it was and goes on behind the last whole row', async () => {
  const folder = await temporaryFolder();
  const log = join(folder, 'rows.log');
  await withIndex(folder, async (index) => {
    await index.add([entry('a')], row(1, 0, 0));
    await index.add([entry('b')], row(0, 1, 0));
  });
  await truncate(log, (await stat(log)).size - 1);
  await withIndex(folder, async (index) => {
    expect(index.dropped).toBeGreaterThan(0);
    expect(index.keys).toEqual(['a']);
    await index.add([entry('c')], row(0, 0, 1));
  });
  await withIndex(folder, async (index) => {
    expect(index.dropped).toBe(0);
    expect(await contents(index)).toEqual({ a: [1, 0, 0], c: [0, 0, 1] });
  });
});

it('starts anew where not even the first record is whole', async () => {
  const folder = await temporaryFolder();
  await withIndex(folder, async () => {});
  await truncate(join(folder, 'rows.log'), 20);
  await withIndex(folder, async (index) => expect(index.keys).toEqual([]));
});

it.each(['int8', 'uint8', 'binary', 'ubinary'] as const)('stores %s with its steps', async (precision) => {
  const folder = await temporaryFolder();
  const rows = quantize(row(0.5, -1, 0.25, 2, 1, -1), precision);
  await withIndex(folder, (index) => index.add([entry('a'), entry('b')], rows), identity(precision));
  await withIndex(
    folder,
    async (index) => {
      for await (const block of index.blocks()) expect(block).toEqual({ keys: ['a', 'b'], rows });
    },
    identity(precision),
  );
});

it.each([
  ['another precision', identity('int8'), 'expected a store of precision int8, got float32'],
  ['another model', identity('float32', { ...row(1, 2, 3), model: 'n' }), 'expected a store of model n, got m'],
  ['other weights of the same name', identity('float32', row(3, 2, 1)), "expected the weights of 'm'"],
])('refuses %s and says what to do', async (_, other, message) => {
  const folder = await temporaryFolder();
  await withIndex(folder, async () => {});
  const refusal = { code: 'INPUT_INVALID', message: expect.stringMatching(`${message}.*delete the index`) as string };
  await expect(openImageIndex(folder, other)).rejects.toThrow(expect.objectContaining(refusal) as Error);
  await withIndex(folder, async (index) => expect(index.keys).toEqual([])); // The refusal released the lock.
});

it('takes a probe that differs by rounding for the same model', async () => {
  const folder = await temporaryFolder();
  await withIndex(folder, async () => {});
  await withIndex(folder, async (index) => expect(index.keys).toEqual([]), identity('float32', row(1.0001, 2, 3)));
});

it('leaves a file alone that is no index', async () => {
  const folder = await temporaryFolder();
  const log = join(folder, 'rows.log');
  await writeFile(log, 'a diary, '.repeat(100));
  await expect(openImageIndex(folder, identity())).rejects.toThrow(
    /expected a store, got something else.*delete the index/,
  );
  expect(await readFile(log, 'utf8')).toHaveLength(900);
});

it('shrinks when most of it is dead', async () => {
  const folder = await temporaryFolder();
  const log = join(folder, 'rows.log');
  let before = 0;
  await withIndex(folder, async (index) => {
    const entries = Array.from({ length: 600 }, (_, i) => entry(`${i}`));
    await index.add(entries, row(...Array.from({ length: 600 * dim }, (_, i) => i)));
    await index.add(entries, row(...Array.from({ length: 600 * dim }, (_, i) => i)));
    before = (await stat(log)).size;
    await index.remove(entries.slice(2).map(({ key }) => key));
  });
  await withIndex(folder, async (index) => {
    expect(await contents(index)).toEqual({ 0: [0, 1, 2], 1: [3, 4, 5] });
    await index.add([entry('c')], row(0, 0, 1));
  });
  expect((await stat(log)).size).toBeLessThan(before / 50);
  await appendFile(log, 'x');
  await withIndex(folder, async (index) => expect(index.keys).toEqual(['0', '1', 'c']));
});
