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
