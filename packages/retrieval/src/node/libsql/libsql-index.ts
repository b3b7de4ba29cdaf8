import { type Embeddings, type SearchKernel, turn } from '@diptych/core';
import { bytesOf, numbersOf } from '../../store/array-bytes.ts';
import { grown } from '../../store/grown.ts';
import { IndexedSearch } from '../../store/indexed-search.ts';
import type { RowSource } from '../../store/row-source.ts';
import { rowBytes, sideBySide } from '../../store/items.ts';
import type { StorageSearchOptions } from '../../store/row-storage.ts';
import { SlotTable } from '../../store/slot-table.ts';
import { StepIndex } from '../../store/step-index.ts';
import type { StepsFile } from '../../store/steps-file.ts';
import type { StoreConfig, StoreHit } from '../../store.ts';
import type { KeptIndex } from '../kept/kept-index.ts';
import type { PlacedItem } from './row-table.ts';

/** What an index reads of its database, each at once. */
export interface IndexedRows {
  /** All in `call` sees the same rows. */
  snapshot<T>(call: () => T): T;
  /** Changes when another connection has written. */
  version(): number;
  /** A text that no other rows have. */
  key(): string;
  after(place: number, limit: number): readonly PlacedItem[];
  /** Those of some places, which are in order, that are there. */
  at(places: readonly number[]): readonly PlacedItem[];
}

const rowsPerTurn = 512;
/** Milliseconds that a search leaves to an index that is being made: searches alone would never let it come to an end. */
const patience = 50;
const outOfDate = new Error('another connection has written');

/**
 * An index in memory of the rows of a database that others may write to. It is made while the store is idle, unless one was
 * kept, changed with what is written here, and made anew when others have written: until then it finds nothing.
 */
export class LibsqlIndex {
  readonly #config: Required<StoreConfig>;
  readonly #kernel: SearchKernel<'int8'>;
  readonly #rows: IndexedRows;
  readonly #kept: KeptIndex | undefined;
  #loaded: LoadedRows | undefined;
  #loading: Promise<void> | undefined;
  readonly #closed = new AbortController();

  constructor(
    config: Required<StoreConfig>,
    kernel: SearchKernel<'int8'>,
    rows: IndexedRows,
    kept: KeptIndex | undefined,
  ) {
    this.#config = config;
    this.#kernel = kernel;
    this.#rows = rows;
    this.#kept = kept;
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

  /** @throws {Error} When it cannot be kept. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#loading;
    try {
      if (this.#kept) await this.#loaded?.keep(this.#kept);
    } finally {
      this.#drop();
    }
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
    const kept = this.#kept;
    const loaded = new LoadedRows(this.#config, this.#kernel, rows, kept && (() => kept.newFile()));
    this.#loaded = loaded;
    if (kept) await loaded.restore(kept);
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
  /** What was written while what was kept was read. */
  #waiting: (() => void)[] | undefined;
  isWhole = false;

  constructor(
    config: Required<StoreConfig>,
    kernel: SearchKernel<'int8'>,
    rows: IndexedRows,
    newFile: (() => StepsFile) | undefined,
  ) {
    this.#rows = rows;
    this.#width = rowBytes(config);
    this.#version = rows.snapshot(() => rows.version());
    this.#table = new SlotTable(config.fields);
    const atOnce = <T>(call: () => T) => rows.snapshot(call);
    this.index = new IndexedSearch(config, kernel, () => this.#source(), { atOnce, newFile });
  }

  /** With what was kept of these rows, if it was. */
  async restore(index: KeptIndex): Promise<void> {
    const waiting: (() => void)[] = [];
    this.#waiting = waiting;
    const key = this.#rows.snapshot(() => (this.#check(), this.#rows.key()));
    const kept = await index.open(key);
    this.#waiting = undefined;
    if (!kept) return;
    const [places, scales, ...table] = kept.rows;
    this.#places = numbersOf(Float64Array, places!);
    this.#scales = numbersOf(Float32Array, scales!);
    this.#table.restore(table);
    this.index.restore(kept.index);
    this.isWhole = true;
    for (const change of waiting) change();
  }

  /** For `restore`, where it has all rows that there are now. */
  async keep(to: KeptIndex): Promise<void> {
    if (!this.isWhole || !to.isWorthIt(this.#table.size) || this.#rows.version() !== this.#version) return;
    const { whole } = this.index;
    if (!(whole instanceof StepIndex)) return;
    const key = this.#rows.snapshot(() => (this.#check(), this.#rows.key()));
    const places = bytesOf(this.#places.subarray(0, this.#table.length));
    await to.save(whole, key, [places, bytesOf(this.#scales), ...this.#table.keep()]);
  }

  #check(): void {
    if (this.#rows.version() !== this.#version) throw outOfDate;
  }

  /** Some more, in their order. */
  read(): void {
    this.#check();
    const read = this.#rows.after(this.#last, rowsPerTurn);
    for (const item of read) this.#set(item);
    this.#last = read.at(-1)?.place ?? this.#last;
    this.isWhole = read.length < rowsPerTurn;
  }

  /** Rows that have not been read yet come later. */
  put(items: readonly PlacedItem[]): void {
    if (this.#waiting) {
      const own = items.map((item) => ({ ...item, bytes: item.bytes.slice() })); // The caller fills its memory anew.
      return void this.#waiting.push(() => this.put(own));
    }
    const known = this.isWhole ? items : items.filter(({ place }) => place <= this.#last);
    this.index.set(
      known.map((item) => this.#set(item)),
      sideBySide(known.map(({ bytes }) => bytes)),
      known.map(({ scale }) => scale),
    );
  }

  remove(ids: readonly string[]): void {
    if (this.#waiting) return void this.#waiting.push(() => this.remove(ids));
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
    this.#check();
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
