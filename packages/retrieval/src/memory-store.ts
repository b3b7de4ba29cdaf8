import { expectMembers, type SearchKernel, turn } from '@diptych/core';
import type { Store, StoreConfig } from './store.ts';
import { checkConfig } from './store/check-put.ts';
import { CheckedStore } from './store/checked-store.ts';
import { IndexedSearch } from './store/indexed-search.ts';
import type { RowSource } from './store/row-source.ts';
import { blockOf, rowBytes, sideBySide } from './store/items.ts';
import type { Block, Item, RowStorage } from './store/row-storage.ts';
import { SlotTable } from './store/slot-table.ts';

export interface MemoryStoreOptions {
  /** Compares rows in 8 bits. Default: plain JavaScript. */
  readonly kernel?: SearchKernel<'int8'> | undefined;
}

const rowsPerBlock = 1024;
/** Fewer slots of deleted rows are not worth packing. */
const minDead = 1000;

/**
 * Rows in memory, gone when the process ends.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have.
 */
export function memoryStore(config: StoreConfig, options: MemoryStoreOptions = {}): Store {
  expectMembers(options, 'memoryStore: options');
  const { kernel } = options;
  const checked = checkConfig(config);
  return new CheckedStore(checked, new MemoryStorage(checked, kernel));
}

class MemoryStorage implements RowStorage {
  readonly version = 1;
  readonly recovered = { rows: 0, droppedBytes: 0 };
  readonly #config: Required<StoreConfig>;
  readonly #index: IndexedSearch;
  #table: SlotTable;
  /** By slot. */
  #items: Item[] = [];

  constructor(config: Required<StoreConfig>, kernel: SearchKernel<'int8'> | undefined) {
    this.#config = config;
    this.#table = new SlotTable(config.fields);
    this.#index = new IndexedSearch(config, kernel, () => this.#source());
  }

  async put(items: readonly Item[]): Promise<void> {
    const slots = items.map((item) => {
      const slot = this.#table.put(item.id, item.metadata);
      this.#items[slot] = { ...item, bytes: item.bytes.slice() }; // Alone, so that it goes when it is replaced.
      return slot;
    });
    this.#index.set(
      slots,
      sideBySide(items.map(({ bytes }) => bytes)),
      items.map(({ scale }) => scale),
    );
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    const there = items.find(({ id }) => this.#table.slotOf(id) !== undefined)?.id;
    if (there === undefined) await this.put(items);
    return there;
  }

  async remove(ids: readonly string[]): Promise<number> {
    const slots = ids.flatMap((id) => this.#table.delete(id) ?? []);
    for (const slot of slots) this.#items[slot] = none;
    this.#index.clear(slots);
    const dead = this.#table.length - this.#table.size;
    if (dead >= minDead && dead >= this.#table.size) await this.#pack();
    return slots.length;
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    return ids.map((id) => {
      const slot = this.#table.slotOf(id);
      return slot === undefined ? undefined : this.#items[slot];
    });
  }

  *blocks(): Generator<Block> {
    for (let serial = -1; ;) {
      const table = this.#table;
      const slots: number[] = [];
      for (let slot = table.slotAfter(serial); slot < table.length && slots.length < rowsPerBlock; slot++) {
        if (table.has(slot)) slots.push(slot);
      }
      if (slots.length === 0) return;
      serial = table.serialAt(slots.at(-1)!);
      yield blockOf(
        slots.map((slot) => this.#items[slot]!),
        this.#config,
      );
    }
  }

  search: NonNullable<RowStorage['search']> = (queries, options) => this.#index.search(queries, options);

  async count(): Promise<number> {
    return this.#table.size;
  }

  async close(): Promise<void> {
    this.#items = [];
    this.#table = new SlotTable({});
    this.#index.replace(undefined);
  }

  #source(): RowSource {
    const items = this.#items;
    const width = rowBytes(this.#config);
    return {
      table: this.#table,
      scaleAt: (slot) => items[slot]!.scale,
      take(slots) {
        const taken = slots.map((slot) => items[slot]!);
        return {
          read(first, end, to = new Uint8Array((end - first) * width)) {
            for (let i = first; i < end; i++) to.set(taken[i]!.bytes, (i - first) * width);
            return to;
          },
          release: () => {},
        };
      },
    };
  }

  /** The same rows in fewer slots, some at a time: they are searched in the old ones meanwhile. */
  async #pack(): Promise<void> {
    const before = this.#table;
    const [table, items] = [new SlotTable(this.#config.fields, before), [] as Item[]];
    const index = this.#index.fresh();
    for (let slot = 0; slot < before.length; slot += rowsPerBlock) {
      const some = this.#items.slice(slot, slot + rowsPerBlock).filter((item, i) => {
        if (item !== none) table.put(item.id, item.metadata, before.serialAt(slot + i));
        return item !== none;
      });
      index?.set(
        items.length,
        sideBySide(some.map(({ bytes }) => bytes)),
        some.map(({ scale }) => scale),
      );
      items.push(...some);
      await turn();
    }
    this.#table = table;
    this.#items = items;
    this.#index.replace(index);
  }
}

const none: Item = { id: '', metadata: {}, bytes: new Uint8Array(0) };
