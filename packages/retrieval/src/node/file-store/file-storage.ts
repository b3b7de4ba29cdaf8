import { turn } from '@diptych/core';
import { notWritable, refused } from '../refusals.ts';
import { writeAt } from '@diptych/core/node';
import { KeptIndex, notKept } from '../kept/kept-index.ts';
import { IndexedSearch } from '../../store/indexed-search.ts';
import type { RowSource } from '../../store/row-source.ts';
import { rowBytes, rowsOf, sideBySide } from '../../store/items.ts';
import type { Block, Item, RowStorage } from '../../store/row-storage.ts';
import { StepIndex } from '../../store/step-index.ts';
import type { Engine, Recovery, StoreConfig } from '../../store.ts';
import { Compaction, isWasteful } from './compact.ts';
import type { LiveRows } from './live-rows.ts';
import type { LogDigest } from './log-digest.ts';
import { LogFile } from './log-file.ts';
import type { FileStorageOptions, OpenedLog } from './opened-log.ts';
import { acknowledgedAt } from './record-head.ts';
import { type EncodedRecord, encodeOldRecord, encodeRecord, type LogRecord } from './record-log.ts';
import { deleteRecord, putRecord, type RowsMeta } from './rows-meta.ts';

const bytesPerBlock = 2 ** 20;
const acknowledged = Buffer.from([1, 0, 0, 0]);

type Entries = Pick<Block, 'ids' | 'metadata'>;

/** Rows in a log that only grows; ids, metadata and places are in memory, components in the file. */
export class FileStorage implements RowStorage {
  readonly version = 1;
  recovered: Recovery = { rows: 0, droppedBytes: 0 };
  engine: Engine = { name: 'javascript' };
  readonly #opened: OpenedLog;
  readonly #config: Required<StoreConfig>;
  readonly #width: number;
  readonly #index: IndexedSearch;
  readonly #kept: KeptIndex | undefined;
  /** `undefined` once the log was rewritten: its rows are in other slots when it is read. */
  #digest: LogDigest | undefined;
  #file: LogFile;
  #live: LiveRows;
  #end: number;
  #version: 1 | 2;
  #writing: Promise<unknown> = Promise.resolve();
  #compacting: Promise<void> | undefined;
  readonly #hasKernel: boolean;
  readonly #closed = new AbortController();
  #nextTry = 0; // Dead rows at which it is tried again after it failed.

  private constructor(opened: OpenedLog, config: Required<StoreConfig>, { kernel, ...limits }: FileStorageOptions) {
    this.#opened = opened;
    this.#config = config;
    this.#width = rowBytes(config);
    this.#file = opened.file;
    this.#live = opened.live;
    this.#end = opened.end;
    this.#version = opened.version;
    this.#digest = opened.digest;
    const kept = kernel && opened.lock && new KeptIndex(opened.path.replace(/\.log$/, ''), config, kernel, limits);
    this.#kept = kept;
    const files = { newFile: kept && (() => kept.newFile()), onLost: (cause: unknown) => this.#notKept(cause) };
    this.#index = new IndexedSearch(config, kernel, () => this.#source(), files);
    this.#hasKernel = kernel !== undefined;
  }

  /** Reads all rows, to check them; with a kernel the index is made of them on the way, unless one was kept. */
  static async open(
    opened: OpenedLog,
    config: Required<StoreConfig>,
    options: FileStorageOptions,
  ): Promise<FileStorage> {
    const storage = new FileStorage(opened, config, options);
    const kept = await storage.#kept?.open(String(opened.digest));
    if (kept) {
      storage.#index.restore(kept.index);
      await storage.#readAll();
    }
    await (storage.#hasKernel && opened.live.table.size > 0 ? storage.#index.prepare() : storage.#readAll());
    const { live, droppedBytes, damaged } = opened;
    live.endCheck();
    if (damaged.length > 0) storage.#digest = undefined; // What cannot be read now may be read later.
    damaged.sort((a, b) => a.position - b.position);
    const told = damaged.length > 0 ? { damaged: [...damaged] } : {};
    storage.recovered = { rows: live.table.size, droppedBytes, ...told };
    storage.#compactIfWasteful();
    return storage;
  }

  async put(items: readonly Item[]): Promise<void> {
    if (items.length > 0) await this.#append(putRecord(items));
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    const there = items.find(({ id }) => this.#live.table.slotOf(id) !== undefined)?.id;
    if (there === undefined) await this.put(items);
    return there;
  }

  async remove(ids: readonly string[]): Promise<number> {
    const there = ids.filter((id) => this.#live.table.slotOf(id) !== undefined);
    if (there.length > 0) await this.#append(deleteRecord(there));
    return there.length;
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    const slots = ids.map((id) => this.#live.table.slotOf(id));
    const { table } = this.#live;
    const there = slots.filter((slot) => slot !== undefined);
    const found = there.map((slot) => ({ metadata: table.metadataAt(slot), scale: this.#live.scaleAt(slot) }));
    const bytes = await this.#rowsAt(there);
    let at = 0;
    return slots.map((slot, i) => {
      if (slot === undefined) return undefined;
      const start = at * this.#width;
      return { id: ids[i]!, bytes: bytes.slice(start, start + this.#width), ...found[at++]! };
    });
  }

  async *blocks(): AsyncGenerator<Block> {
    for (const slots of this.#slots()) {
      const entries = this.#entries(slots);
      const scales = slots.map((slot) => this.#live.scaleAt(slot));
      yield { ...entries, rows: rowsOf(await this.#rowsAt(slots), scales, this.#config) };
    }
  }

  *entries(): Generator<Entries> {
    for (const slots of this.#slots()) yield this.#entries(slots);
  }

  /** Those of rows, some at a time. */
  *#slots(): Generator<readonly number[]> {
    const limit = Math.max(1, Math.floor(bytesPerBlock / this.#width));
    for (let serial = -1; ;) {
      const { table } = this.#live; // Another one after the log was rewritten.
      const slots: number[] = [];
      for (let slot = table.slotAfter(serial); slot < table.length && slots.length < limit; slot++) {
        if (table.has(slot)) slots.push(slot);
      }
      if (slots.length === 0) return;
      serial = table.serialAt(slots.at(-1)!);
      yield slots;
    }
  }

  search: NonNullable<RowStorage['search']> = (queries, options) => this.#index.search(queries, options);

  async count(): Promise<number> {
    return this.#live.table.size;
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#compacting;
    await this.#writing.catch(() => {});
    await this.#keepIndex().catch((cause: unknown) => this.#notKept(cause));
    await this.#file.close();
    await this.#opened.lock?.release();
  }

  /** One that nobody has asked for yet is made: the next to open the store will. */
  async #keepIndex(): Promise<void> {
    if (this.#digest && this.#kept?.isWorthIt(this.#live.table.size)) {
      await this.#index.prepare();
      const { whole } = this.#index;
      if (whole instanceof StepIndex) await this.#kept.save(whole, String(this.#digest));
    }
    this.#index.replace(undefined);
  }

  /** The first time says why. */
  #notKept(cause: unknown): void {
    if (this.engine.note === undefined) this.engine = { name: 'javascript', note: notKept('fileStore', cause) };
  }

  #entries(slots: readonly number[]): Entries {
    const { table } = this.#live;
    return { ids: slots.map((slot) => table.idAt(slot)!), metadata: slots.map((slot) => table.metadataAt(slot)) };
  }

  #source(live: LiveRows = this.#live): RowSource {
    const [file, width, { damaged }] = [this.#file, this.#width, this.#opened];
    return {
      table: live.table,
      scaleAt: (slot) => live.scaleAt(slot),
      take(slots) {
        const positions = live.positionsAt(slots);
        const room = (rows: number) => new Uint8Array(rows * width);
        return {
          read: (first, end, to = room(end - first)) => {
            file.rowsNow(positions.subarray(first, end), width, to);
            damaged.push(...live.dropDamaged(slots.slice(first, end), to));
            return to;
          },
          release: file.hold(),
        };
      },
    };
  }

  async #readAll(): Promise<void> {
    const { table } = this.#live;
    const limit = Math.max(1, Math.floor(bytesPerBlock / this.#width));
    const room = new Uint8Array(limit * this.#width);
    for (let first = 0; first < table.length; first += limit) {
      await turn();
      const there = table.slotsIn(first, first + limit);
      const taken = this.#source().take(there);
      taken.read(0, there.length, room.subarray(0, there.length * this.#width));
      taken.release();
      this.#index.clear(there.filter((slot) => !table.has(slot)));
    }
  }

  #rowsAt(slots: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
    return this.#file.rows(this.#live.positionsAt(slots), this.#width);
  }

  async #append(record: LogRecord & { readonly meta: RowsMeta }): Promise<void> {
    if (!this.#opened.lock) throw notWritable(this.#opened.path);
    await this.#opened.lock.renew();
    await this.#exclusively(async () => {
      await this.#write(this.#version === 1 ? encodeOldRecord(record) : encodeRecord(record, this.#end, false));
      const slots = this.#live.apply(record.meta, this.#end - record.rows.length * this.#width);
      if ('deleted' in record.meta) this.#index.clear(slots);
      else this.#index.set(slots, sideBySide(record.rows), record.meta.scales);
    });
    this.#compactIfWasteful();
  }

  async #write({ parts, checksum }: EncodedRecord): Promise<void> {
    const { handle } = this.#file;
    try {
      let end = this.#end;
      for (const bytes of parts) {
        await writeAt(handle, bytes, end);
        end += bytes.length;
      }
      await handle.datasync();
    } catch (cause) {
      await handle.truncate(this.#end); // A full disk, say: what was written of it must not be found later.
      throw refused(this.#opened.path, 'written', cause);
    }
    // That it was is not waited for: where it is missing, a record is believed only whole.
    if (this.#version === 2) await writeAt(handle, acknowledged, this.#end + acknowledgedAt).catch(() => {});
    this.#end += parts.reduce((sum, { length }) => sum + length, 0);
    this.#digest?.add(checksum, this.#end);
  }

  #exclusively<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#writing.then(call);
    this.#writing = result.catch(() => {});
    return result;
  }

  #compactIfWasteful(): void {
    const { dead } = this.#live;
    if (this.#compacting || !this.#opened.lock || !isWasteful(this.#live) || dead < this.#nextTry) return;
    this.#compacting = this.#compact()
      .catch(() => {
        this.#nextTry = 2 * dead; // The log as it is does as well; a full disk, say, may have room later.
      })
      .finally(() => (this.#compacting = undefined));
  }

  async #compact(): Promise<void> {
    const before = this.#file;
    const log = { file: before, path: this.#opened.path, rows: this.#live, end: this.#end };
    const compaction = new Compaction(log, this.#config);
    try {
      await compaction.copy();
      await compaction.catchUp(this.#end);
      await this.#exclusively(async () => {
        await compaction.catchUp(this.#end);
        await this.#opened.keepDamaged();
        this.#file = new LogFile(await compaction.finish(), this.#opened.path);
        this.#end = compaction.end;
        this.#version = 2;
        this.#digest = undefined;
      });
    } catch (error) {
      await compaction.abandon();
      throw error;
    }
    await before.close();
    await this.#exclusively(() => this.#packIfSparse());
  }

  /** Rows get new slots. They are searched in the old ones until an index of the new ones is there, where a kernel makes it. */
  async #packIfSparse(): Promise<void> {
    const { table } = this.#live;
    if (2 * table.size > table.length) return;
    const live = await this.#live.packed();
    const { signal } = this.#closed;
    const index = this.#hasKernel
      ? await this.#index.made(this.#source(live), signal).catch(() => undefined)
      : undefined;
    this.#live = live;
    this.#index.replace(index);
  }
}
