import { turn } from '@diptych/core';
import { expect, it } from 'vitest';
import { exactSearch, memoryStore } from '../../src/index.ts';
import { randomRows } from '../rows.ts';
import { names } from './store-suite-inputs.ts';

it('packs a little at a time, and is searched meanwhile', async () => {
  const [n, left] = [12_000, 5000];
  const [rows, query, ids] = [randomRows(n, 8, 1), randomRows(1, 8, 2), names(n)];
  await using store = memoryStore({ model: 'm', dim: 8, precision: 'float32' });
  await store.add(ids, rows);
  const allow = (row: number) => row >= n - left;
  const best = exactSearch(rows)(query, 7, { allow })[0]!.map(({ row }) => ids[row]);
  const found = async () => (await store.search(query, 7))[0]!.map(({ id }) => id);
  await found();
  const deleted = store.delete(ids.slice(0, n - left));
  let turns = 0;
  for (; (await Promise.race([deleted, turn()])) === undefined; turns++) expect(await found()).toEqual(best);
  expect(await deleted).toBe(n - left);
  expect(turns).toBeGreaterThan(3);
  expect(await found()).toEqual(best);
  expect(await store.count()).toBe(left);
});
