import { checkSignal, type Embeddings, type SearchKernel, turn } from '@diptych/core';
import type { Metadata } from '../metadata.ts';
import type { StoreConfig, StoreHit } from '../store.ts';
import { chooseIndex } from './choose-index.ts';
import { floatsOf, rowBytes, rowsOf } from './items.ts';
import type { StorageSearchOptions } from './row-storage.ts';
import type { RowSource, TakenRows } from './row-source.ts';
import type { RowIndex } from './row-index.ts';
import { rowsFrom } from './rows-from.ts';
import { runsOf } from './runs-of.ts';
import { BestRows } from './search-blocks.ts';
import { type StepsFile, StepsLost } from './steps-file.ts';

export interface IndexedSearchOptions {
  /** Calls something that awaits nothing, for rows that others change too. */
  readonly atOnce?: <T>(call: () => T) => T;
  /** Each for one index. */
  readonly newFile?: (() => StepsFile) | undefined;
  /** Called when a file is no more, and why. */
  readonly onLost?: ((cause: StepsLost) => void) | undefined;
}

const bytesPerRead = 2 ** 20;
const sampleRows = 1024;
/** How many times as many rows as there were are looked at again, whether the index still is made for them. */
const growth = 16;
/** Rows that queries are compared with in one pass: so many at once keep others waiting for less than a tenth of a second. */
const productsPerTurn = 2 ** 22;
const mostQueries = 32;

/**
 * Exact search in two stages: an index in memory finds what may be among the best, which is then compared as it is stored.
 * The index is made by the first search, or before it, and changed with the rows from then on.
 */
export class IndexedSearch {
  readonly #config: Required<StoreConfig>;
  readonly #kernel: SearchKernel<'int8'> | undefined;
  readonly #source: () => RowSource;
  readonly #atOnce: <T>(call: () => T) => T;
  #newFile: (() => StepsFile) | undefined;
  readonly #onLost: IndexedSearchOptions['onLost'];
  #index: RowIndex | undefined;
  #indexed = 0;
  #room: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(
    config: Required<StoreConfig>,
    kernel: SearchKernel<'int8'> | undefined,
    source: () => RowSource,
    { atOnce = (call) => call(), newFile, onLost }: IndexedSearchOptions = {},
  ) {
    this.#config = config;
    this.#kernel = kernel;
    this.#source = source;
    this.#atOnce = atOnce;
    this.#newFile = newFile;
    this.#onLost = onLost;
  }

  /** That has all rows; `undefined` where there is none yet. */
  get whole(): RowIndex | undefined {
    return this.#index && this.#index.length >= this.#source().table.length ? this.#index : undefined;
  }

  /** An index for the same rows in other slots; `undefined` when there was no search yet. */
  fresh(): RowIndex | undefined {
    return this.#index?.fresh(this.#newFile?.());
  }

  /** After rows got other slots. */
  replace(index: RowIndex | undefined): void {
    if (this.#index !== index) this.#index?.close?.();
    this.#index = index;
  }

  /** With an index of the rows that are there, or of the first of them. */
  restore(index: RowIndex): void {
    this.replace(index);
    this.#indexed = index.length;
  }

  /**
   * Makes the index, a little at a time, until it has all rows or the signal is aborted. It is searched once, for which an
   * engine compiles what it runs: no search is slower than those after it.
   */
  async prepare(signal?: AbortSignal): Promise<void> {
    const { dim, model } = this.#config;
    const index = await this.#ready(signal);
    this.#try(() =>
      index.nearest(
        { precision: 'float32', model, data: new Float32Array(dim).fill(1), shape: [1, dim] },
        1,
        undefined,
      ),
    );
  }

  /** As `prepare`, of rows that will take the place of those that are searched meanwhile: for `replace`. */
  async made(source: RowSource, signal?: AbortSignal): Promise<RowIndex> {
    const index = this.#begin(source);
    try {
      while (index.length < source.table.length) {
        await turn();
        checkSignal(signal);
        this.#extend(index, source);
      }
      return index;
    } catch (error) {
      index.close?.();
      throw error;
    }
  }

  /** After slots were set to rows that lie side by side. */
  set(slots: readonly number[], rows: Uint8Array<ArrayBuffer>, scales?: readonly (number | undefined)[]): void {
    const index = this.#index;
    if (!index) return;
    if (slots.length > 0 && slots.at(-1)! >= growth * this.#indexed && !index.fits(this.#sample(this.#source()))) {
      this.replace(undefined);
      return;
    }
    const width = rowBytes(this.#config);
    for (const [first, end] of runsOf(slots)) {
      // What the index has not come to yet, it reads itself.
      if (slots[first]! > index.length) continue;
      const own = scales?.slice(first, end) ?? Array.from<undefined>({ length: end - first });
      this.#try(() => index.set(slots[first]!, rows.subarray(first * width, end * width), own));
    }
  }

  /** Without a file, the index is made anew; what is stored does not need it. */
  #try<T>(call: () => T): T | undefined {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof StepsLost)) throw error;
      this.#onLost?.(error);
      this.#newFile = undefined;
      this.replace(undefined);
      return undefined;
    }
  }

  clear(slots: readonly number[]): void {
    const index = this.#index;
    if (index) for (const slot of slots) if (slot < index.length) index.clear(slot);
  }

  async search(queries: Embeddings, { k, filter, signal }: StorageSearchOptions): Promise<StoreHit[][]> {
    const found: StoreHit[][] = [];
    const [n] = queries.shape;
    for (let first = 0; first < n;) {
      if (first > 0) await turn();
      checkSignal(signal);
      const index = await this.#ready(signal);
      const some = rowsFrom(queries, first, Math.max(1, Math.min(mostQueries, productsPerTurn / (1 + index.length))));
      const taken = this.#atOnce(() => {
        const source = this.#source();
        const slots = this.#try(() => index.nearest(some, k, filter && source.table.mask(filter)));
        return slots?.map((near) => this.#take(source, near));
      });
      if (!taken) continue;
      index.warm?.();
      found.push(...(await this.#rank(some, k, taken, signal)));
      first += some.shape[0];
    }
    return found;
  }

  /** The index of all rows, with nothing awaited since. */
  async #ready(signal: AbortSignal | undefined): Promise<RowIndex> {
    for (;;) {
      const source = this.#source();
      const index = (this.#index ??= this.#begin(source));
      if (index.length >= source.table.length) return index;
      this.#try(() => this.#extend(index, source));
      if (index.length >= source.table.length) continue;
      await turn();
      checkSignal(signal);
    }
  }

  #begin(source: RowSource): RowIndex {
    const index = chooseIndex(this.#config, this.#kernel, this.#sample(source), this.#newFile?.());
    index.reserve(this.#indexed);
    return index;
  }

  /** Some of the rows that there are now, where they are of float32. */
  #sample(source: RowSource): Float32Array[] {
    const { table } = source;
    this.#indexed = table.length;
    const { dim, precision } = this.#config;
    if (precision !== 'float32') return [];
    const step = Math.max(1, Math.floor(table.length / sampleRows));
    const slots: number[] = [];
    for (let slot = 0; slot < table.length; slot += step) if (table.has(slot)) slots.push(slot);
    const floats = floatsOf(this.#read(source, slots));
    return slots.flatMap((slot, i) => (table.has(slot) ? floats.subarray(i * dim, (i + 1) * dim) : []));
  }

  /** Some slots more. */
  #extend(index: RowIndex, source: RowSource): void {
    const limit = this.#rowsPerRead();
    const end = Math.min(source.table.length, index.length + limit);
    const slots = source.table.slotsIn(index.length, end);
    const width = rowBytes(this.#config);
    const rows = this.#read(source, slots, this.#roomOf(slots.length));
    for (const [first, last] of runsOf(slots)) {
      while (index.length < slots[first]!) index.clear(index.length);
      const scales = slots.slice(first, last).map((slot) => source.scaleAt(slot));
      index.set(slots[first]!, rows.subarray(first * width, last * width), scales);
    }
    while (index.length < end) index.clear(index.length);
    for (const slot of slots) if (!source.table.has(slot)) index.clear(slot);
  }

  #read(source: RowSource, slots: readonly number[], to?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const taken = source.take(slots);
    try {
      return taken.read(0, slots.length, to);
    } finally {
      taken.release();
    }
  }

  #rowsPerRead(): number {
    return Math.max(1, Math.floor(bytesPerRead / rowBytes(this.#config)));
  }

  /** All that is told of some rows, before anything is awaited. */
  #take(source: RowSource, slots: readonly number[]): Taken {
    return {
      rows: source.take(slots),
      scales: slots.map((slot) => source.scaleAt(slot)),
      ids: slots.map((slot) => source.table.idAt(slot)!),
      metadata: slots.map((slot) => source.table.metadataAt(slot)),
    };
  }

  /** For each query the best of what was taken for it. */
  async #rank(
    queries: Embeddings,
    k: number,
    taken: readonly Taken[],
    signal: AbortSignal | undefined,
  ): Promise<StoreHit[][]> {
    try {
      const found: StoreHit[][] = [];
      for (const [q, one] of taken.entries()) {
        const best = new BestRows(rowsFrom(queries, q, 1), { k });
        await this.#compare(best, one, signal);
        found.push(...best.hits());
      }
      return found;
    } finally {
      for (const { rows } of taken) rows.release();
    }
  }

  async #compare(
    best: BestRows,
    { rows, scales, ids, metadata }: Taken,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const limit = this.#rowsPerRead();
    for (let first = 0; first < ids.length; first += limit) {
      if (first > 0) await turn();
      checkSignal(signal);
      const end = Math.min(ids.length, first + limit);
      const read = rowsOf(rows.read(first, end, this.#roomOf(end - first)), scales.slice(first, end), this.#config);
      best.add({ ids: ids.slice(first, end), metadata: metadata.slice(first, end), rows: read });
    }
  }

  /** For rows that are not needed any more when something is awaited. */
  #roomOf(rows: number): Uint8Array<ArrayBuffer> {
    const width = rowBytes(this.#config);
    if (this.#room.length < rows * width) this.#room = new Uint8Array(Math.min(2 * rows, this.#rowsPerRead()) * width);
    return this.#room.subarray(0, rows * width);
  }
}

interface Taken {
  readonly rows: TakenRows;
  readonly scales: readonly (number | undefined)[];
  readonly ids: readonly string[];
  readonly metadata: readonly Metadata[];
}
