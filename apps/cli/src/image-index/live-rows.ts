import type { FileHandle } from 'node:fs/promises';
import { EmbeddingError } from '@diptych/core';
import { checkIdentity, type Identity, identityRecord } from './identity.ts';
import { encodeRecord, type LogRecord, readRecords, type StoredRecord } from './record-log.ts';
import type { RowMeta, Stamp } from './row-record.ts';

/** The newest record of one key. */
export interface LiveRow {
  readonly stamp: Stamp;
  /** Where the record ends in the log: an earlier one of the same key is dead. */
  readonly end: number;
}

/** What a log holds. */
export interface LogState {
  readonly live: Map<string, LiveRow>;
  /** Where the next record goes; what lies behind is torn. */
  readonly end: number;
  /** Rows, removals and dead records together. */
  readonly records: number;
}

/**
 * Reads a log through. An empty one is given its identity.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when it belongs to another model or precision, or is no log at all.
 */
export async function readState(file: FileHandle, path: string, identity: Identity): Promise<LogState> {
  const live = new Map<string, LiveRow>();
  let end = 0;
  let records = 0;
  for await (const record of readRecords(file)) {
    if (end === 0) checkIdentity(path, record, identity);
    else applyRecord(live, record);
    ({ end } = record);
    records++;
  }
  return end === 0 ? begin(file, path, identity) : { live, end, records: records - 1 };
}

export function applyRecord(live: Map<string, LiveRow>, { meta, end }: Omit<StoredRecord, 'payload'>): void {
  const { key, stamp } = meta as RowMeta;
  if (stamp) live.set(key, { stamp, end });
  else live.delete(key);
}

/** Live records only, in the order of the log. */
export async function* liveRecords(file: FileHandle, live: ReadonlyMap<string, LiveRow>): AsyncGenerator<LogRecord> {
  for await (const record of readRecords(file)) {
    if (live.get((record.meta as RowMeta).key)?.end === record.end) yield record;
  }
}

async function begin(file: FileHandle, path: string, identity: Identity): Promise<LogState> {
  const first = encodeRecord(identityRecord(identity));
  const { size } = await file.stat();
  if (size >= first.length) {
    throw new EmbeddingError('INPUT_INVALID', `${path}: expected an image index, found something else; delete it`);
  }
  await file.write(first, 0, first.length, 0);
  await file.datasync();
  return { live: new Map(), end: first.length, records: 0 };
}
