import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoreConfig } from '../store.ts';
import { rowBytes } from '../store/items.ts';
import type { Item } from '../store/row-storage.ts';
import { headerBytes } from './header.ts';
import { LiveRows } from './live-rows.ts';
import type { LogFile } from './log-file.ts';
import { readAt, writeAt } from './positions.ts';
import { encodeRecord, type LogRecord, readRecords } from './record-log.ts';
import { putRecord, type RowsMeta } from './rows-meta.ts';

/** A log of fewer dead rows is not worth rewriting. */
const minDead = 1000;
const bytesPerRecord = 2 ** 21;

/** Whether half of a log or more is rows that were replaced or deleted, and deletions. */
export function isWasteful({ dead, table }: LiveRows): boolean {
  return dead >= minDead && dead >= table.size;
}

/** The rows that are there alone, in a file beside the log, which may be written on meanwhile. */
export class Compaction {
  readonly live: LiveRows;
  readonly #rows: LiveRows;
  readonly #from: LogFile;
  readonly #partial: string;
  readonly #path: string;
  readonly #config: Required<StoreConfig>;
  #to: FileHandle | undefined;
  #end = 0;
  #copied: number;

  /** @param copied Where the log ends, of which `rows` are there now. */
  constructor(
    { file, path }: { readonly file: LogFile; readonly path: string },
    config: Required<StoreConfig>,
    rows: LiveRows,
    copied: number,
  ) {
    this.live = new LiveRows(config, rows);
    this.#rows = rows;
    this.#from = file;
    this.#path = path;
    this.#partial = `${path}.partial`;
    this.#config = config;
    this.#copied = copied;
  }

  get end(): number {
    return this.#end;
  }

  async copy(): Promise<void> {
    const slots = [...this.#rows.table.live()];
    this.#to = await open(this.#partial, 'w+');
    const header = headerBytes(this.#config);
    await writeAt(this.#to, header, 0);
    this.#end = header.length;
    const limit = Math.max(1, Math.floor(bytesPerRecord / rowBytes(this.#config)));
    for (let i = 0; i < slots.length; i += limit) await this.#copySlots(slots.slice(i, i + limit));
  }

  /** What was written to the log since, up to `end`. */
  async catchUp(end: number): Promise<void> {
    for await (const record of readRecords(this.#from.handle, end, this.#copied)) {
      if (record.kind !== 'record') throw new Error(`expected a record at byte ${record.position}`);
      const bytes = new Uint8Array(record.rowBytes);
      await readAt(this.#from.handle, bytes, record.rowsAt);
      const width = rowBytes(this.#config);
      const rows = Array.from({ length: bytes.length / width }, (_, i) => bytes.subarray(i * width, (i + 1) * width));
      await this.#append({ meta: record.meta as RowsMeta, rows });
    }
    this.#copied = end;
  }

  /** Takes the place of the log. */
  async finish(): Promise<FileHandle> {
    await this.#to!.sync();
    await rename(this.#partial, this.#path);
    await syncFolder(dirname(this.#path));
    return this.#to!;
  }

  async abandon(): Promise<void> {
    await this.#to?.close().catch(() => {});
    await rm(this.#partial, { force: true });
  }

  /** As they are now: what is written to them later is caught up with. */
  async #copySlots(all: readonly number[]): Promise<void> {
    const rows = this.#rows;
    const there = all.filter((slot) => rows.table.idAt(slot) !== undefined);
    if (there.length === 0) return;
    const told = there.map((slot) => {
      return { id: rows.table.idAt(slot)!, metadata: rows.table.metadataAt(slot), scale: rows.scaleAt(slot) };
    });
    const serials = there.map((slot) => rows.table.serialAt(slot));
    const width = rowBytes(this.#config);
    const bytes = await this.#from.rows(
      there.map((slot) => rows.positionAt(slot)),
      width,
    );
    const items = told.map((item, i): Item => ({ ...item, bytes: bytes.subarray(i * width, (i + 1) * width) }));
    await this.#append(putRecord(items), serials);
  }

  async #append(record: LogRecord & { readonly meta: RowsMeta }, serials?: readonly number[]): Promise<void> {
    const bytes = encodeRecord(record, this.#end);
    await writeAt(this.#to!, bytes, this.#end);
    this.#end += bytes.length;
    const rowsBytes = record.rows.reduce((sum, { length }) => sum + length, 0);
    this.live.apply(record.meta, this.#end - rowsBytes, serials);
  }
}

/** A renaming is on the disk when its folder is. Windows opens no folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
