import type { Embeddings } from '@diptych/core';
import { given } from '@diptych/golden';
import { expect, it } from 'vitest';
import { type RowStorage, type StorageItem, storageStore } from '../src/index.ts';

const config = { model: 'm', dim: 2, precision: 'float32' } as const;
const rows = (...values: readonly number[]): Embeddings => ({
  precision: 'float32',
  model: 'm',
  data: Float32Array.from(values),
  shape: [values.length / 2, 2],
});

/** Rows in a `Map`, as somebody else would write it. */
function mapStorage(): RowStorage {
  const items = new Map<string, StorageItem>();
  const put = async (added: readonly StorageItem[]) => {
    for (const item of added) items.set(item.id, { ...item, bytes: item.bytes.slice() });
  };
  return {
    version: 1,
    recovered: { rows: 0, droppedBytes: 0 },
    put,
    async add(added) {
      const there = added.find(({ id }) => items.has(id))?.id;
      if (there === undefined) await put(added);
      return there;
    },
    remove: async (ids) => ids.filter((id) => items.delete(id)).length,
    get: async (ids) => ids.map((id) => items.get(id)),
    *blocks() {
      const all = [...items.values()];
      const data = new Float32Array(all.flatMap(({ bytes }) => [...new Float32Array(bytes.buffer)]));
      const [ids, metadata] = [all.map(({ id }) => id), all.map((item) => item.metadata)];
      yield { ids, metadata, rows: { ...rows(), data, shape: [all.length, 2] } };
    },
    count: async () => items.size,
    close: async () => items.clear(),
  };
}

it('a storage of your own is a store', async () => {
  const store = storageStore(config, mapStorage());
  await store.add(['east', 'north'], rows(1, 0, 0, 1));
  await store.upsert(['north', 'both'], rows(0, 2, 3, 4));
  const found = await store.search(rows(0, 1), 3);
  expect(found[0]!.map(({ id }) => id)).toEqual(['north', 'both', 'east']);
  expect(found[0]!.map(({ score }) => score)).toEqual([1, expect.closeTo(0.8, 6), 0]);
  await expect(store.add(['east'], rows(1, 1))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await store.delete(['east', 'nobody'])).toBe(1);
  await store.close();
});

it.each([
  ['missing', undefined],
  ['later', 2],
  ['a text', '1'],
])('a storage whose version is %s is refused', (_, version) => {
  expect(() => storageStore(config, given({ ...mapStorage(), version }))).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED', where: 'storage', expected: 'version 1 of RowStorage' }),
  );
});
