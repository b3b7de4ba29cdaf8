import type { FileHandle } from 'node:fs/promises';
import { type RowType, rowBytes, rowsOf } from '../store/items.ts';
import type { Block, Item, RowStorage } from '../store/row-storage.ts';
import type { Recovery } from '../store.ts';
import { applyRecord, deleteRecord, type LiveRow, type LogState, putRecord } from './live-rows.ts';
import type { Lock } from './lock.ts';
import { readAt, writeAt } from './positions.ts';
import { encodeRecord, type LogRecord } from './record-log.ts';

const bytesPerBlock = 2 ** 20;

/** Rows in a log that only grows; ids, metadata and places are in memory, components in the file. */
export class FileStorage implements RowStorage {
  readonly recovered: Recovery;
  readonly #log: FileHandle;
  readonly #lock: Lock;
  readonly #type: RowType;
  readonly #live: Map<string, LiveRow>;
  readonly #width: number;
  #end: number;

  constructor(
    log: FileHandle,
    lock: Lock,
    type: RowType,
    { live, end, droppedBytes }: Omit<LogState, 'written'> & Pick<Recovery, 'droppedBytes'>,
  ) {
    this.recovered = { rows: live.size, droppedBytes };
    this.#log = log;
    this.#lock = lock;
    this.#type = type;
    this.#live = live;
    this.#width = rowBytes(type);
    this.#end = end;
  }

  async put(items: readonly Item[]): Promise<void> {
    if (items.length > 0) await this.#append(putRecord(items));
  }

  async add(items: readonly Item[]): Promise<string | undefined> {
    const there = items.find(({ id }) => this.#live.has(id))?.id;
    if (there === undefined) await this.put(items);
    return there;
  }

  async remove(ids: readonly string[]): Promise<number> {
    const there = ids.filter((id) => this.#live.has(id));
    if (there.length > 0) await this.#append(deleteRecord(there));
    return there.length;
  }

  async get(ids: readonly string[]): Promise<(Item | undefined)[]> {
    const items: (Item | undefined)[] = [];
    for (const id of ids) {
      const row = this.#live.get(id);
      const bytes = new Uint8Array(row ? this.#width : 0);
      if (row) await readAt(this.#log, bytes, row.at);
      items.push(row && { id, bytes, metadata: row.metadata, scale: row.scale });
    }
    return items;
  }

  async *blocks(): AsyncGenerator<Block> {
    const limit = Math.max(1, Math.floor(bytesPerBlock / this.#width));
    let run: [string, LiveRow][] = [];
    for (const entry of this.#live) {
      const isNext = entry[1].at === (run.at(-1)?.[1].at ?? NaN) + this.#width;
      if (run.length > 0 && (!isNext || run.length === limit)) {
        yield await this.#read(run);
        run = [];
      }
      run.push(entry);
    }
    if (run.length > 0) yield this.#read(run);
  }

  async count(): Promise<number> {
    return this.#live.size;
  }

  async close(): Promise<void> {
    await this.#log.close();
    await this.#lock.release();
  }

  /** Rows that lie side by side in the file. */
  async #read(run: readonly (readonly [string, LiveRow])[]): Promise<Block> {
    const bytes = new Uint8Array(run.length * this.#width);
    await readAt(this.#log, bytes, run[0]![1].at);
    const scales = run.map(([, { scale }]) => scale);
    return {
      ids: run.map(([id]) => id),
      metadata: run.map(([, { metadata }]) => metadata),
      rows: rowsOf(bytes, scales, this.#type),
    };
  }

  async #append(record: LogRecord): Promise<void> {
    await this.#lock.renew();
    const bytes = encodeRecord(record);
    try {
      await writeAt(this.#log, bytes, this.#end);
      await this.#log.datasync();
    } catch (error) {
      await this.#log.truncate(this.#end); // A full disk, say: what was written of it must not be found later.
      throw error;
    }
    this.#end += bytes.length;
    applyRecord(this.#live, { ...record, payloadStart: this.#end - record.payload.length }, this.#width);
  }
}
