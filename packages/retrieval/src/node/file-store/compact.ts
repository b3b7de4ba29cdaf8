import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder, writeAt } from '@diptych/core/node';
import type { StoreConfig } from '../../store.ts';
import { grown } from '../../store/grown.ts';
import { rowBytes } from '../../store/items.ts';
import type { Item } from '../../store/row-storage.ts';
import { headerBytes } from './header.ts';
import type { LiveRows } from './live-rows.ts';
import type { LogFile } from './log-file.ts';
import { readAt } from './positions.ts';
import { encodeRecord, type LogRecord, readRecords } from './record-log.ts';
import { parseMeta, putRecord, type RowsMeta } from './rows-meta.ts';

/** A log of fewer dead rows is not worth rewriting. */
const minDead = 1000;
const bytesPerRecord = 2 ** 21;

/** Whether half of a log or more is rows that were replaced or deleted, and deletions. */
export function isWasteful({ dead, table }: LiveRows): boolean {
  return dead >= minDead && dead >= table.size;
}

/** The rows that are there alone, in a file beside the log, which may be written on meanwhile. */
export class Compaction {
  readonly #rows: LiveRows;
  readonly #from: LogFile;
  readonly #partial: string;
  readonly #path: string;
  readonly #config: Required<StoreConfig>;
  #to: FileHandle | undefined;
  #end = 0;
  #copied: number;
  #positions = new Float64Array(0);
  #written = 0;

  /** @param end Of the log, as its rows are now. */
  constructor(
    { file, path, rows, end }: { file: LogFile; path: string; rows: LiveRows; end: number },
    config: Required<StoreConfig>,
  ) {
    this.#rows = rows;
    this.#from = file;
    this.#path = path;
    this.#partial = `${path}.partial`;
    this.#config = config;
    this.#copied = end;
  }

  get end(): number {
    return this.#end;
  }

  async copy(): Promise<void> {
    const slots = Uint32Array.from(this.#rows.table.live());
    await rm(this.#partial, { force: true }); // A link that somebody put there is not followed.
    this.#to = await open(this.#partial, 'wx+');
    const header = headerBytes(this.#config);
    await writeAt(this.#to, header, 0);
    this.#end = header.length;
    const limit = Math.max(1, Math.floor(bytesPerRecord / rowBytes(this.#config)));
    for (let i = 0; i < slots.length; i += limit) await this.#copySlots(slots.subarray(i, i + limit));
  }

  /** What was written to the log since, up to `end`. */
  async catchUp(end: number): Promise<void> {
    for await (const record of readRecords(this.#from.handle, end, this.#copied)) {
      if (record.kind !== 'record') throw new Error(`expected a record at byte ${record.position}`);
      const bytes = new Uint8Array(record.rowBytes);
      await readAt(this.#from.handle, bytes, record.rowsAt);
      const meta = parseMeta(record.meta) as RowsMeta;
      await this.#append({ meta, rows: rowsIn(bytes, rowBytes(this.#config)) });
    }
    this.#copied = end;
  }

  /** Takes the place of the log. */
  async finish(): Promise<FileHandle> {
    await this.#to!.sync();
    await rename(this.#partial, this.#path);
    await syncFolder(dirname(this.#path)).catch(() => {}); // The log is this one now, whatever the disk says.
    this.#rows.move(this.#positions, this.#written);
    return this.#to!;
  }

  async abandon(): Promise<void> {
    await this.#to?.close().catch(() => {});
    await rm(this.#partial, { force: true });
  }

  /** As they are now: what is written to them later is caught up with. */
  async #copySlots(all: Uint32Array): Promise<void> {
    const rows = this.#rows;
    const slots = [...all].filter((slot) => rows.table.has(slot));
    if (slots.length === 0) return;
    const told = slots.map((slot) => {
      return { id: rows.table.idAt(slot)!, metadata: rows.table.metadataAt(slot), scale: rows.scaleAt(slot) };
    });
    const width = rowBytes(this.#config);
    const positions = rows.positionsAt(slots);
    const bytes = rowsIn(await this.#from.rows(positions, width), width);
    await this.#append(putRecord(told.map((item, i): Item => ({ ...item, bytes: bytes[i]! }))), slots);
  }

  /** @param slots Of the rows; those that their ids have now without it. */
  async #append(record: LogRecord & { readonly meta: RowsMeta }, slots?: readonly number[]): Promise<void> {
    for (const bytes of encodeRecord(record, this.#end).parts) {
      await writeAt(this.#to!, bytes, this.#end);
      this.#end += bytes.length;
    }
    const { meta, rows } = record;
    this.#written += 'deleted' in meta ? meta.deleted.length : meta.ids.length;
    if ('deleted' in meta) return;
    const width = rowBytes(this.#config);
    for (const [i, id] of meta.ids.entries()) {
      const slot = slots ? slots[i] : this.#rows.table.slotOf(id);
      if (slot === undefined) continue; // Deleted since, as a later record says.
      this.#positions = grown(this.#positions, slot + 1);
      this.#positions[slot] = this.#end - (rows.length - i) * width;
    }
  }
}

function rowsIn(bytes: Uint8Array<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: bytes.length / width }, (_, i) => bytes.subarray(i * width, (i + 1) * width));
}
