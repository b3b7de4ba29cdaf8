import { expect, it } from 'vitest';
import { indexedDbStore, type StoreConfig } from '../../src/index.ts';
import { randomRows } from '../rows.ts';
import { describePersistentStore } from './persistent-suite.ts';
import { describeStore } from './store-suite.ts';

const fresh = async () => {
  const name = crypto.randomUUID();
  return (config: StoreConfig) => indexedDbStore(name, config);
};

describeStore('IndexedDB', fresh);
describePersistentStore('IndexedDB', fresh);

it('is shared by two that have it open', async () => {
  const open = await fresh();
  const config: StoreConfig = { model: 'm', dim: 8, precision: 'float32' };
  await using one = await open(config);
  await using two = await open(config);
  await one.add(['a'], randomRows(1, 8, 1));
  await expect(two.add(['a'], randomRows(1, 8, 2))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await two.add(['b'], randomRows(1, 8, 2));
  expect([await one.count(), await two.count()]).toEqual([2, 2]);
});

it('stores of each row its own bytes alone', async () => {
  const name = crypto.randomUUID();
  {
    await using store = await indexedDbStore(name, { model: 'm', dim: 8, precision: 'float32' });
    await store.add(['a', 'b', 'c'], randomRows(3, 8, 1));
    await store.upsert(['c', 'd'], randomRows(2, 8, 2));
  }
  const open = indexedDB.open(name);
  const database = await new Promise<IDBDatabase>((resolve) => (open.onsuccess = () => resolve(open.result)));
  const all = database.transaction('rows').objectStore('rows').getAll();
  const items = await new Promise<unknown[]>((resolve) => (all.onsuccess = () => resolve(all.result as unknown[])));
  database.close();
  const bytes = items.flatMap((item) => (item as { bytes?: Uint8Array }).bytes ?? []);
  expect(bytes.map(({ buffer }) => buffer.byteLength)).toEqual([32, 32, 32, 32]);
});
