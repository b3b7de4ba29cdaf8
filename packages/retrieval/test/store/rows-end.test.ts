import { expect, it } from 'vitest';
import { checkConfig } from '../../src/store/check-put.ts';
import { CheckedStore } from '../../src/store/checked-store.ts';
import type { Block, RowStorage } from '../../src/store/row-storage.ts';

/** A store of two blocks that tells when nobody reads them any more. */
function twoBlocks() {
  const ended: string[] = [];
  const block: Block = {
    ids: ['a'],
    metadata: [{}],
    rows: { data: Float32Array.of(1), shape: [1, 1], precision: 'float32', model: 'm' },
  };
  const none = async () => [];
  const storage: RowStorage = {
    version: 1,
    recovered: { rows: 2, droppedBytes: 0 },
    put: async () => undefined,
    add: async () => undefined,
    remove: async () => 0,
    get: none,
    count: async () => 2,
    close: async () => void ended.push('store'),
    async *blocks() {
      try {
        yield block;
        yield block;
      } finally {
        ended.push('blocks');
      }
    },
  };
  return { ended, store: new CheckedStore(checkConfig({ model: 'm', dim: 1, precision: 'float32' }), storage) };
}

it('reading the rows of a store ends where its reader stops', async () => {
  const { ended, store } = twoBlocks();
  for await (const { ids } of store.rows()) {
    expect(ids).toEqual(['a']);
    break;
  }
  expect(ended).toEqual(['blocks']);
  let read = 0;
  for await (const { ids } of store.rows()) read += ids.length;
  expect(read).toBe(2);
  expect(ended).toEqual(['blocks', 'blocks']);
});

it('reading the rows of a store ends when it is closed meanwhile', async () => {
  const { ended, store } = twoBlocks();
  const rows = store.rows();
  await rows.next();
  await store.close();
  await rows.return(undefined);
  expect(ended).toEqual(['store', 'blocks']);
});
