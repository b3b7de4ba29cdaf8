import { blockOf, type RowType } from '../store/items.ts';
import type { Block, Item, RowStorage } from '../store/row-storage.ts';
import type { Recovery } from '../store.ts';
import { committed, resultOf } from './requests.ts';

const rowsPerBlock = 512;

/** Items under keys that count up: the order in which they were first stored. */
export class IndexedDbStorage implements RowStorage {
  readonly version = 1;
  readonly recovered: Recovery;
  readonly #database: IDBDatabase;
  readonly #type: RowType;

  constructor(database: IDBDatabase, type: RowType, recovered: Recovery) {
    this.recovered = recovered;
    this.#database = database;
    this.#type = type;
  }

  async put(items: readonly Item[]): Promise<void> {
    await this.#write(async (rows) => {
      for (const item of items) rows.put(alone(item), await keyOf(rows, item.id));
    });
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    return this.#write(async (rows) => {
      for (const { id } of items) if ((await keyOf(rows, id)) !== undefined) return id;
      for (const item of items) rows.add(alone(item));
      return undefined;
    });
  }

  async remove(ids: readonly string[]): Promise<number> {
    return this.#write(async (rows) => {
      let removed = 0;
      for (const id of ids) {
        const key = await keyOf(rows, id);
        if (key === undefined) continue;
        rows.delete(key);
        removed++;
      }
      return removed;
    });
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    const index = this.#rows().index('id');
    return Promise.all(ids.map((id) => resultOf<Item | undefined>(index.get(id))));
  }

  async *blocks(): AsyncGenerator<Block> {
    let range: IDBKeyRange | undefined;
    for (;;) {
      const rows = this.#rows();
      const [keys, items] = await Promise.all([
        resultOf(rows.getAllKeys(range, rowsPerBlock)),
        resultOf<Item[]>(rows.getAll(range, rowsPerBlock)),
      ]);
      if (items.length === 0) return;
      yield blockOf(items, this.#type);
      range = IDBKeyRange.lowerBound(keys.at(-1)!, true);
    }
  }

  async count(): Promise<number> {
    return resultOf(this.#rows().count());
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #rows(): IDBObjectStore {
    return this.#database.transaction('rows').objectStore('rows');
  }

  /** Nothing but requests of this transaction may be awaited in it: it ends when it has none left. */
  async #write<T>(change: (rows: IDBObjectStore) => Promise<T>): Promise<T> {
    const transaction = this.#database.transaction('rows', 'readwrite', { durability: 'strict' });
    const done = committed(transaction);
    const [result] = await Promise.all([change(transaction.objectStore('rows')), done]);
    return result;
  }
}

async function keyOf(rows: IDBObjectStore, id: string): Promise<IDBValidKey | undefined> {
  return resultOf(rows.index('id').getKey(id));
}

/** A browser stores all of a buffer of which an item has some bytes. */
function alone(item: Item): Item {
  return { ...item, bytes: item.bytes.slice() };
}
