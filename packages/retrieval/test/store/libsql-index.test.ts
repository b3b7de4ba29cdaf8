import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Embeddings } from '@diptych/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { exactSearch, type Store, type StoreConfig } from '../../src/index.ts';
import { libsqlStore } from '../../src/libsql.ts';
import { randomRows } from '../rows.ts';
import { describePersistentStore } from './persistent-suite.ts';
import { countingKernel, quantizingKernel } from './quantizing-kernel.ts';
import { describeStore } from './store-suite.ts';
import { names } from './store-suite-inputs.ts';

async function path(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-libsql-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'rows.db');
}

const fresh = async () => {
  const file = await path();
  return (options: StoreConfig) => libsqlStore(file, options, { kernel: quantizingKernel });
};
const config: StoreConfig = { model: 'm', dim: 8, precision: 'float32' };

describeStore('libsql, with a kernel,', fresh);
describePersistentStore('libsql, with a kernel,', fresh);

async function best(store: Store, query: Embeddings): Promise<readonly unknown[]> {
  const [hits] = await store.search(query, 7);
  return hits!.map(({ id, score }) => ({ id, score }));
}

/** What comparing all of some rows finds, which have the ids `row 0`, `row 1` and so on. */
function exact(rows: Embeddings, query: Embeddings, isThere: (row: number) => boolean = () => true): unknown[] {
  const [hits] = exactSearch(rows)(query, 7, { allow: isThere });
  return hits!.map(({ row, score }) => ({ id: `row ${row}`, score }));
}

it('searches an index of what is there when it is opened, and of what is written then', async () => {
  const file = await path();
  const [rows, query] = [randomRows(1500, 8, 1), randomRows(1, 8, 2)];
  const some = (first: number, end: number): Embeddings => {
    return { ...rows, data: rows.data.slice(8 * first, 8 * end), shape: [end - first, 8] };
  };
  {
    await using store = await libsqlStore(file, config);
    await store.add(names(1500).slice(0, 1300), some(0, 1300));
  }
  const { kernel, counted } = countingKernel();
  await using store = await libsqlStore(file, config, { kernel });
  expect(store.engine).toMatchObject({ name: 'javascript' });
  await store.add(names(1500).slice(1300), some(1300, 1500)); // While the index is made.
  await store.delete(['row 3', 'row 1000']);
  const isThere = (row: number) => row !== 3 && row !== 1000;
  expect(await best(store, query)).toEqual(exact(rows, query, isThere));
  await vi.waitFor(async () => {
    const before = counted.asked;
    expect(await best(store, query)).toEqual(exact(rows, query, isThere));
    expect(counted.asked).toBeGreaterThan(before);
  });
});

it('finds what another connection has written at once, and makes its index anew', async () => {
  const file = await path();
  const [rows, query] = [randomRows(600, 8, 1), randomRows(1, 8, 2)];
  const { kernel, counted } = countingKernel();
  await using one = await libsqlStore(file, config, { kernel });
  await using two = await libsqlStore(file, config);
  await one.add(names(600), rows);
  for (let round = 0; round < 3; round++) {
    const data = rows.data.slice();
    data.set(query.data, 8 * (100 + round));
    const changed = { ...rows, data };
    await two.upsert(names(600), changed);
    await two.delete(['row 5']);
    const isThere = (row: number) => row !== 5;
    expect(await best(one, query)).toEqual(exact(changed, query, isThere));
    await vi.waitFor(async () => {
      const before = counted.asked;
      expect(await best(one, query)).toEqual(exact(changed, query, isThere));
      expect(counted.asked).toBeGreaterThan(before);
    });
    await two.upsert(['row 5'], { ...rows, data: data.slice(40, 48), shape: [1, 8] });
  }
});

it('closes while its index is made', async () => {
  const file = await path();
  {
    await using store = await libsqlStore(file, config);
    await store.add(names(3000), randomRows(3000, 8, 1));
  }
  const store = await libsqlStore(file, config, { kernel: quantizingKernel });
  await store.close();
  await expect(store.search(randomRows(1, 8, 1), 1)).rejects.toMatchObject({ code: 'DISPOSED' });
});
