import { type Embeddings, type SearchKernel, turn } from '@diptych/core';
import { grown } from '../../store/grown.ts';
import { IndexedSearch } from '../../store/indexed-search.ts';
import type { RowSource } from '../../store/row-source.ts';
import { rowBytes, sideBySide } from '../../store/items.ts';
import type { StorageSearchOptions } from '../../store/row-storage.ts';
import { SlotTable } from '../../store/slot-table.ts';
import type { StepsFile } from '../../store/steps-file.ts';
import type { StoreConfig, StoreHit } from '../../store.ts';
import type { PlacedItem } from './row-table.ts';

/** What an index reads of its database, each at once. */
export interface IndexedRows {
  /** All in `call` sees the same rows. */
  snapshot<T>(call: () => T): T;
  /** Changes when another connection has written. */
  version(): number;
  after(place: number, limit: number): readonly PlacedItem[];
  /** Those of some places, which are in order, that are there. */
  at(places: readonly number[]): readonly PlacedItem[];
  /** For the steps of an index that are too many for memory. */
  newFile(): StepsFile;
}

const rowsPerTurn = 512;
/** Milliseconds that a search leaves to an index that is being made: searches alone would never let it come to an end. */
const patience = 50;
const outOfDate = new Error('another connection has written');

/**
 * An index in memory of the rows of a database that others may write to. It is made while the store is idle, changed with
 * what is written here, and made anew when others have written: until then it finds nothing.
 */
export class LibsqlIndex {
  readonly #config: Required<StoreConfig>;
  readonly #kernel: SearchKernel<'int8'>;
  readonly #rows: IndexedRows;
  #loaded: LoadedRows | undefined;
  #loading: Promise<void> | undefined;
  readonly #closed = new AbortController();

  constructor(config: Required<StoreConfig>, kernel: SearchKernel<'int8'>, rows: IndexedRows) {
    this.#config = config;
    this.#kernel = kernel;
    this.#rows = rows;
  }

  /** Whether it has to be told what is written. */
  get hasRows(): boolean {
    return this.#loaded !== undefined;
  }

  /** `undefined` when it has not all rows. */
  async search(queries: Embeddings, options: StorageSearchOptions): Promise<StoreHit[][] | undefined> {
    const found = await this.#searchLoaded(queries, options);
    if (found) return found;
    this.load();
    await Promise.race([this.#loading, pause()]);
    return this.#searchLoaded(queries, options);
  }

  async #searchLoaded(queries: Embeddings, options: StorageSearchOptions): Promise<StoreHit[][] | undefined> {
    const loaded = this.#loaded;
    if (this.#loading || !loaded) return undefined;
    try {
      return await loaded.index.search(queries, options);
    } catch (error) {
      if (error !== outOfDate) throw error;
      if (this.#loaded === loaded) this.#drop();
      return undefined;
    }
  }

  /** After they were written here. */
  put(items: readonly PlacedItem[]): void {
    this.#loaded?.put(items);
  }

  remove(ids: readonly string[]): void {
    this.#loaded?.remove(ids);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#loading;
    this.#drop();
  }

  #drop(): void {
    this.#loaded?.index.replace(undefined);
    this.#loaded = undefined;
  }

  /** Reads all rows, a little at a time. What goes wrong is for the next search to say, which does without. */
  load(): void {
    if (this.#closed.signal.aborted) return;
    this.#loading ??= this.#load()
      .catch(() => this.#drop())
      .then(() => (this.#loading = undefined));
  }

  async #load(): Promise<void> {
    const rows = this.#rows;
    const loaded = new LoadedRows(this.#config, this.#kernel, rows);
    this.#loaded = loaded;
    while (!loaded.isWhole) {
      rows.snapshot(() => loaded.read());
      if (loaded.isWhole) break;
      await turn();
      this.#closed.signal.throwIfAborted();
    }
    await loaded.index.prepare(this.#closed.signal);
  }
}

/** Rows of one version of the database: all but their components, and those in 8 bits. */
class LoadedRows {
  readonly index: IndexedSearch;
  readonly #width: number;
  readonly #rows: IndexedRows;
  readonly #version: number;
  readonly #table: SlotTable;
  #places = new Float64Array(0);
  #scales = new Float32Array(0);
  #last = 0;
  isWhole = false;

  constructor(config: Required<StoreConfig>, kernel: SearchKernel<'int8'>, rows: IndexedRows) {
    this.#rows = rows;
    this.#width = rowBytes(config);
    this.#version = rows.snapshot(() => rows.version());
    this.#table = new SlotTable(config.fields);
    this.index = new IndexedSearch(config, kernel, () => this.#source(), { atOnce: (call) => rows.snapshot(call) });
  }

  /** Some more, in their order. */
  read(): void {
    if (this.#rows.version() !== this.#version) throw outOfDate;
    const read = this.#rows.after(this.#last, rowsPerTurn);
    for (const item of read) this.#set(item);
    this.#last = read.at(-1)?.place ?? this.#last;
    this.isWhole = read.length < rowsPerTurn;
  }

  /** Rows that have not been read yet come later. */
  put(items: readonly PlacedItem[]): void {
    const known = this.isWhole ? items : items.filter(({ place }) => place <= this.#last);
    this.index.set(
      known.map((item) => this.#set(item)),
      sideBySide(known.map(({ bytes }) => bytes)),
      known.map(({ scale }) => scale),
    );
  }

  remove(ids: readonly string[]): void {
    this.index.clear(ids.flatMap((id) => this.#table.delete(id) ?? []));
  }

  #set({ id, metadata, place, scale }: PlacedItem): number {
    const slot = this.#table.put(id, metadata);
    this.#places = grown(this.#places, slot + 1);
    this.#places[slot] = place;
    if (scale === undefined) return slot;
    this.#scales = grown(this.#scales, slot + 1);
    this.#scales[slot] = scale;
    return slot;
  }

  #source(): RowSource {
    if (this.#rows.version() !== this.#version) throw outOfDate;
    return {
      table: this.#table,
      scaleAt: (slot) => (slot < this.#scales.length ? this.#scales[slot] : undefined),
      take: (slots) => {
        const taken = this.#bytesOf(slots);
        return {
          read: (first, end, to = new Uint8Array((end - first) * this.#width)) => {
            for (let i = first; i < end; i++) to.set(taken[i]!, (i - first) * this.#width);
            return to;
          },
          release: () => {},
        };
      },
    };
  }

  #bytesOf(slots: readonly number[]): Uint8Array[] {
    const places = slots.map((slot) => this.#places[slot]!);
    const items = this.#rows.at(places);
    if (items.length < places.length) throw outOfDate;
    return items.map(({ bytes }) => bytes);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, patience));
}
