import type { FileHandle } from 'node:fs/promises';
import { EmbeddingError } from '@diptych/core';
import type { Metadata } from '../metadata.ts';
import type { StoreConfig } from '../store.ts';
import { rowBytes } from '../store/items.ts';
import type { Item } from '../store/row-storage.ts';
import { checkHeader, type Header } from './header.ts';
import { type LogEnd, type LogRecord, readRecords, type StoredRecord } from './record-log.ts';

/** A row that is in the store: all but its components, which stay in the file. */
export interface LiveRow {
  readonly metadata: Metadata;
  readonly scale: number | undefined;
  /** Of its first byte in the file. */
  readonly at: number;
}

/** What a record says: that its payload holds these rows, or that they are deleted. */
type RowsMeta =
  | { readonly ids: readonly string[]; readonly metadata: readonly Metadata[]; readonly scales?: readonly number[] }
  | { readonly deleted: readonly string[] };

export function putRecord(items: readonly Item[]): LogRecord {
  const meta = {
    ids: items.map(({ id }) => id),
    metadata: items.map(({ metadata }) => metadata),
    scales: items[0]?.scale === undefined ? undefined : items.map(({ scale }) => scale!),
  } satisfies RowsMeta | { scales: undefined };
  return { meta, payload: Buffer.concat(items.map(({ bytes }) => bytes)) };
}

export function deleteRecord(ids: readonly string[]): LogRecord {
  return { meta: { deleted: ids } satisfies RowsMeta, payload: new Uint8Array() };
}

/** Applies what a record says. A row that is replaced keeps its place in the order of the map. */
export function applyRecord(
  live: Map<string, LiveRow>,
  { meta, payloadStart }: Pick<StoredRecord, 'meta' | 'payloadStart'>,
  width: number,
): void {
  const said = meta as RowsMeta;
  if ('deleted' in said) for (const id of said.deleted) live.delete(id);
  else {
    said.ids.forEach((id, i) => {
      live.set(id, { metadata: said.metadata[i]!, scale: said.scales?.[i], at: payloadStart + i * width });
    });
  }
}

/** What a log holds. */
export interface LogState {
  readonly live: Map<string, LiveRow>;
  /** Where the next record goes; 0 for a log without a header. */
  readonly end: number;
  /** Rows and deletions that were ever written to it. */
  readonly written: number;
}

/**
 * Reads a log through.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when it belongs to another configuration, is no log, or is damaged.
 */
export async function readState(file: FileHandle, path: string, config: Required<StoreConfig>): Promise<LogState> {
  const live = new Map<string, LiveRow>();
  let written = 0;
  const { size } = await file.stat();
  const records = readRecords(file, size);
  let next: IteratorResult<StoredRecord, LogEnd>;
  for (let isFirst = true; !(next = await records.next()).done; isFirst = false) {
    if (isFirst) checkHeader(path, next.value.meta as Header, config);
    else {
      applyRecord(live, next.value, rowBytes(config));
      written += countOf(next.value.meta as RowsMeta);
    }
  }
  const { end, isDamaged } = next.value;
  if (isDamaged) {
    const what = `${path}: damaged at byte ${end} of ${size}, after ${live.size} rows; restore it from a copy`;
    throw new EmbeddingError('INPUT_INVALID', what);
  }
  return { live, end, written };
}

function countOf(said: RowsMeta): number {
  return 'deleted' in said ? said.deleted.length : said.ids.length;
}
