import type { Store, StoreConfig } from './store.ts';
import { checkConfig } from './store/check-put.ts';
import { CheckedStore } from './store/checked-store.ts';
import { blockOf, type RowType } from './store/items.ts';
import type { Block, Item, RowStorage } from './store/row-storage.ts';

const rowsPerBlock = 1024;

/**
 * Rows in memory, gone when the process ends.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have.
 */
export function memoryStore(config: StoreConfig): Store {
  const checked = checkConfig(config);
  return new CheckedStore(checked, memoryStorage(checked));
}

function memoryStorage(type: RowType): RowStorage {
  const items = new Map<string, Item>();
  let blocks: readonly Block[] | undefined; // Side by side for search, until something is written.
  const put = async (added: readonly Item[]) => {
    for (const item of added) items.set(item.id, item);
    if (added.length > 0) blocks = undefined;
  };
  return {
    recovered: { rows: 0, droppedBytes: 0 },
    put,
    async add(added) {
      const there = added.find(({ id }) => items.has(id))?.id;
      if (there === undefined) await put(added);
      return there;
    },
    async remove(ids) {
      blocks = undefined;
      return ids.filter((id) => items.delete(id)).length;
    },
    get: async (ids) => ids.map((id) => items.get(id)),
    blocks: () => (blocks ??= blocksOf([...items.values()], type)),
    count: async () => items.size,
    async close() {
      items.clear();
      blocks = undefined;
    },
  };
}

function blocksOf(items: readonly Item[], type: RowType): Block[] {
  const count = Math.ceil(items.length / rowsPerBlock);
  return Array.from({ length: count }, (_, i) => blockOf(items.slice(i * rowsPerBlock, (i + 1) * rowsPerBlock), type));
}
