import { expect, it } from 'vitest';
import {
  exactSearch,
  type RowStorage,
  type StorageBlock,
  type StorageIndexQuery,
  storageStore,
} from '../../src/index.ts';
import { randomRows } from '../rows.ts';
import { names } from './store-suite-inputs.ts';

const base = randomRows(40, 8, 1);
const queries = randomRows(3, 8, 2);

const block = (ids: readonly string[]): StorageBlock => {
  const places = ids.map((id) => names(40).indexOf(id));
  const data = Float32Array.from(places.flatMap((place) => Array.from(base.data.slice(8 * place, 8 * place + 8))));
  return { ids, metadata: ids.map(() => ({})), rows: { ...base, data, shape: [ids.length, 8] } };
};

/** A store whose index knows the rows of even numbers alone. */
function halfIndexed() {
  const asked: StorageIndexQuery[] = [];
  const storage: RowStorage = {
    version: 1,
    recovered: { rows: 40, droppedBytes: 0 },
    put: async () => undefined,
    add: async () => undefined,
    remove: async () => 0,
    get: async () => [],
    count: async () => 40,
    close: async () => undefined,
    blocks: () => [block(names(40))],
    candidates: async (wanted) => {
      asked.push(wanted);
      return block(names(40).filter((_, i) => i % 2 === 0));
    },
  };
  return { asked, store: storageStore({ model: 'm', dim: 8, precision: 'float32' }, storage) };
}

it('ranks what an index names exactly, and says that there may be better', async () => {
  const { asked, store } = halfIndexed();
  const allow = (row: number) => row % 2 === 0;
  const wanted = exactSearch(base)(queries, 5, { allow });
  const found = await store.search(queries, 5, { exact: false, efSearch: 7 });
  expect(found).toEqual(
    wanted.map((hits) => hits.map(({ row, score }) => ({ id: `row ${row}`, score, metadata: {}, exact: false }))),
  );
  expect(asked.map(({ k, efSearch, probes }) => [k, efSearch, probes])).toEqual(
    Array.from({ length: 3 }, () => [5, 7, undefined]),
  );
});

it('searches exactly unless it is told not to', async () => {
  const { asked, store } = halfIndexed();
  const wanted = exactSearch(base)(queries, 5).map((hits) => hits.map(({ row }) => `row ${row}`));
  for (const options of [undefined, {}, { exact: true }]) {
    const found = await store.search(queries, 5, options);
    expect(found.map((hits) => hits.map(({ id }) => id))).toEqual(wanted);
    expect(found.flat().some((hit) => 'exact' in hit)).toBe(false);
  }
  expect(asked).toEqual([]);
});

it('says how many of the best an index finds', async () => {
  const { store } = halfIndexed();
  const best = exactSearch(base)(queries, 5).flat();
  const even = best.filter(({ row }) => row % 2 === 0).length;
  expect(await store.recall(queries, 5)).toMatchObject({ recall: even / best.length, queries: 3 });
  const none = { ...queries, data: new Float32Array(0), shape: [0, 8] as const };
  expect(await store.recall(none, 5)).toEqual({ recall: 1, queries: 0, exactMs: 0, indexMs: 0 });
});
