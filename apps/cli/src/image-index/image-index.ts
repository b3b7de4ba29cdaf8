import type { FileHandle } from 'node:fs/promises';
import { batches, type Embeddings, type Precision } from '@diptych/core';
import type { Identity } from './identity.ts';
import { applyRecord, liveRecords, type LiveRow, type LogState } from './live-rows.ts';
import type { Lock } from './lock.ts';
import { encodeRecord, type LogRecord } from './record-log.ts';
import { type Entry, type RowMeta, rowRecords, rowsOf } from './row-record.ts';
import { writeAt } from '../write-at.ts';

/** Rows and the keys of their files. */
export interface RowBlock {
  readonly keys: readonly string[];
  readonly rows: Embeddings<Precision>;
}

const rowsPerBlock = 1024;

/**
 * Embeddings of image files on disk, in `images.log`: an identity, then one record for each file embedded or removed.
 * Records carry a checksum, are only appended, and are on the disk when `add` returns. Whatever stops the process, at
 * most a record that was not acknowledged is torn.
 */
export class ImageIndex implements AsyncDisposable {
  /** Bytes of a torn or damaged end that `open` dropped; files whose rows it held count as not embedded. */
  readonly dropped: number;
  readonly #log: FileHandle;
  readonly #lock: Lock;
  readonly #identity: Identity;
  readonly #live: Map<string, LiveRow>;
  #end: number;

  constructor(log: FileHandle, lock: Lock, identity: Identity, { live, end }: LogState, dropped: number) {
    this.#log = log;
    this.#lock = lock;
    this.#identity = identity;
    this.#live = live;
    this.#end = end;
    this.dropped = dropped;
  }

  get keys(): readonly string[] {
    return [...this.#live.keys()];
  }

  /** Whether the file is embedded as it is now. */
  has({ key, stamp }: Entry): boolean {
    const row = this.#live.get(key);
    return row?.stamp.size === stamp.size && row.stamp.mtimeMs === stamp.mtimeMs;
  }

  /** Row `i` is that of entry `i`; it replaces an earlier one. Resolves once they are on the disk. */
  async add(entries: readonly Entry[], rows: Embeddings<Precision>): Promise<void> {
    await this.#append(rowRecords(entries, rows));
  }

  async remove(keys: readonly string[]): Promise<void> {
    await this.#append(keys.map((key) => ({ meta: { key } satisfies RowMeta, payload: new Uint8Array() })));
  }

  /** All rows, in constant memory. */
  async *blocks(): AsyncGenerator<RowBlock> {
    for await (const records of batches(liveRecords(this.#log, this.#live), rowsPerBlock)) {
      yield { keys: records.map(({ meta }) => (meta as RowMeta).key), rows: rowsOf(records, this.#identity) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log.close();
    await this.#lock.release();
  }

  async #append(records: readonly LogRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#lock.renew();
    const encoded = records.map(encodeRecord);
    await writeAt(this.#log, Buffer.concat(encoded), this.#end);
    await this.#log.datasync();
    records.forEach(({ meta }, i) => {
      this.#end += encoded[i]!.length;
      applyRecord(this.#live, { meta, end: this.#end });
    });
  }
}
