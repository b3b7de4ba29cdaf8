import type { Embeddings, SearchKernel } from '@diptych/core';
import { turn } from '../turn.ts';
import type { StoreConfig, StoreHit } from '../store.ts';
import { chooseIndex } from './choose-index.ts';
import { rowBytes, rowsOf } from './items.ts';
import type { Block, StorageSearchOptions } from './row-storage.ts';
import type { RowIndex } from './row-index.ts';
import { searchBlocks } from './search-blocks.ts';
import type { SlotTable } from './slot-table.ts';

/** The rows of a store as they are now. */
export interface RowSource {
  readonly table: SlotTable;
  scaleAt(slot: number): number | undefined;
  /** Rows of some slots as they are now, whatever is stored until they are read. */
  take(slots: readonly number[]): TakenRows;
}

export interface TakenRows {
  /** From one of the slots to before another, side by side. */
  read(first: number, end: number): Uint8Array<ArrayBuffer>;
  release(): void;
}

const bytesPerRead = 2 ** 20;
const sampleRows = 1024;
/** How many times as many rows as there were make the mean of those worth counting anew. */
const growth = 16;

/**
 * Exact search in two stages: an index in memory finds what may be among the best, which is then compared as it is stored.
 * The index is made by the first search, and changed with the rows from then on.
 */
export class IndexedSearch {
  readonly #config: Required<StoreConfig>;
  readonly #kernel: SearchKernel<'int8'> | undefined;
  readonly #source: () => RowSource;
  #index: RowIndex | undefined;
  #indexed = 0;

  constructor(config: Required<StoreConfig>, kernel: SearchKernel<'int8'> | undefined, source: () => RowSource) {
    this.#config = config;
    this.#kernel = kernel;
    this.#source = source;
  }

  /** An index for the same rows in other slots; `undefined` when there was no search yet. */
  fresh(): RowIndex | undefined {
    return this.#index?.fresh();
  }

  /** After rows got other slots. */
  replace(index: RowIndex | undefined): void {
    this.#index = index;
  }

  /** After slots were set. */
  set(slots: readonly number[], rows: readonly Uint8Array<ArrayBuffer>[], scales?: readonly number[]): void {
    const index = this.#index;
    if (!index) return;
    if (slots.length > 0 && slots.at(-1)! >= growth * this.#indexed) this.#index = undefined;
    // What the index has not come to yet, it reads itself.
    else for (const [i, slot] of slots.entries()) if (slot <= index.length) index.set(slot, rows[i]!, scales?.[i]);
  }

  clear(slots: readonly number[]): void {
    const index = this.#index;
    if (index) for (const slot of slots) if (slot < index.length) index.clear(slot);
  }

  async search(queries: Embeddings, { k, filter, signal }: StorageSearchOptions): Promise<StoreHit[][]> {
    const found: StoreHit[][] = [];
    const [n, dim] = queries.shape;
    for (let q = 0; q < n; q++) {
      if (q > 0) await turn();
      signal?.throwIfAborted();
      const one: Embeddings = { ...queries, data: queries.data.subarray(q * dim, (q + 1) * dim), shape: [1, dim] };
      const index = await this.#ready(signal);
      const source = this.#source();
      const slots = index.nearest(one, k, filter && source.table.mask(filter));
      found.push(...(await searchBlocks(this.#blocks(source, slots, signal), one, { k })));
    }
    return found;
  }

  /** The index of all rows, with nothing awaited since. */
  async #ready(signal: AbortSignal | undefined): Promise<RowIndex> {
    for (;;) {
      const { table } = this.#source();
      const index = (this.#index ??= this.#begin());
      if (index.length >= table.length) return index;
      this.#extend(index);
      if (index.length >= table.length) continue;
      await turn();
      signal?.throwIfAborted();
    }
  }

  #begin(): RowIndex {
    const source = this.#source();
    const { table } = source;
    this.#indexed = table.length;
    const step = Math.max(1, Math.floor(table.length / sampleRows));
    const slots: number[] = [];
    for (let slot = 0; slot < table.length; slot += step) if (table.idAt(slot) !== undefined) slots.push(slot);
    const rows = this.#config.precision === 'float32' ? rowsIn(now(source, slots), this.#config) : [];
    return chooseIndex(
      this.#config,
      this.#kernel,
      rows.map((row) => new Float32Array(row.buffer, row.byteOffset, this.#config.dim)),
    );
  }

  /** Some slots more. */
  #extend(index: RowIndex): void {
    const source = this.#source();
    const limit = Math.max(1, Math.floor(bytesPerRead / rowBytes(this.#config)));
    const end = Math.min(source.table.length, index.length + limit);
    const slots = Array.from({ length: end - index.length }, (_, i) => index.length + i);
    const there = slots.filter((slot) => source.table.idAt(slot) !== undefined);
    const rows = new Map(rowsIn(now(source, there), this.#config).map((row, i) => [there[i]!, row]));
    const none = new Uint8Array(rowBytes(this.#config));
    for (const slot of slots) {
      index.set(slot, rows.get(slot) ?? none, source.scaleAt(slot) ?? 0);
      if (!rows.has(slot)) index.clear(slot);
    }
  }

  /** All that is told of the rows is taken before anything is awaited. */
  #blocks(source: RowSource, slots: readonly number[], signal: AbortSignal | undefined): AsyncGenerator<Block> {
    const taken = source.take(slots);
    const scales = slots.map((slot) => source.scaleAt(slot));
    const ids = slots.map((slot) => source.table.idAt(slot)!);
    const metadata = slots.map((slot) => source.table.metadataAt(slot));
    const limit = Math.max(1, Math.floor(bytesPerRead / rowBytes(this.#config)));
    const config = this.#config;
    return (async function* () {
      try {
        for (let first = 0; first < slots.length; first += limit) {
          if (first > 0) await turn();
          signal?.throwIfAborted();
          const end = Math.min(slots.length, first + limit);
          const rows = rowsOf(taken.read(first, end), scales.slice(first, end), config);
          yield { ids: ids.slice(first, end), metadata: metadata.slice(first, end), rows };
        }
      } finally {
        taken.release();
      }
    })();
  }
}

function now(source: RowSource, slots: readonly number[]): Uint8Array<ArrayBuffer> {
  const taken = source.take(slots);
  try {
    return taken.read(0, slots.length);
  } finally {
    taken.release();
  }
}

function rowsIn(bytes: Uint8Array<ArrayBuffer>, config: Required<StoreConfig>): Uint8Array<ArrayBuffer>[] {
  const width = rowBytes(config);
  return Array.from({ length: bytes.length / width }, (_, i) => bytes.subarray(i * width, (i + 1) * width));
}
