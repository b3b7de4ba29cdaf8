import type { FileHandle } from 'node:fs/promises';
import { EmbeddingError } from '@diptych/core';
import type { StoreConfig } from '../store.ts';
import { rowBytes } from '../store/items.ts';
import type { DamagedPart } from '../store.ts';
import { versionOf } from './header.ts';
import { LiveRows } from './live-rows.ts';
import { readRecords, type StoredRecord } from './record-log.ts';
import { checkRowsMeta, type RowsMeta } from './rows-meta.ts';

/** What a log holds. */
export interface LogState {
  readonly live: LiveRows;
  /** Where the next record goes. */
  readonly end: number;
  /** Of the log; `undefined` for one that has no header. */
  readonly version: 1 | 2 | undefined;
  /** What could not be read. */
  readonly damaged: readonly DamagedPart[];
  /** What of it lies at the end: a last record of which not all arrived, as a crash of the machine leaves it. */
  readonly aside?: DamagedPart | undefined;
}

/**
 * Reads a log through.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when it belongs to another configuration, or a record says what none can.
 */
export async function readState(file: FileHandle, path: string, config: Required<StoreConfig>): Promise<LogState> {
  const live = new LiveRows(config);
  const damaged: DamagedPart[] = [];
  let version: 1 | 2 | undefined;
  const { size } = await file.stat();
  live.reserve(size);
  const records = readRecords(file, size);
  for (;;) {
    const next = await records.next();
    if (next.done) return { live, end: next.value.end, version, damaged };
    const part = next.value;
    const isUnfinished =
      part.kind === 'record' && part.end === size && part.damagedRows.length > 0 && !part.isAcknowledged;
    if (part.kind === 'damage' || isUnfinished) {
      const { position } = part;
      const whole = { position, bytes: part.kind === 'damage' ? part.bytes : size - position };
      damaged.push(whole);
      if (isUnfinished) return { live, end: position, version, damaged, aside: whole };
      continue;
    }
    const header = versionOf(path, part.meta, config);
    if (header !== undefined) version ??= header;
    else if (version === undefined) throw notAStore(path);
    else damaged.push(...applyRecord(live, part, path, config));
  }
}

/** @returns What of it is damaged. */
function applyRecord(
  live: LiveRows,
  record: StoredRecord,
  path: string,
  config: Required<StoreConfig>,
): readonly DamagedPart[] {
  const width = rowBytes(config);
  const meta: RowsMeta = checkRowsMeta(`${path}: record at byte ${record.position}`, record, config);
  live.apply(meta, record.rowsAt);
  if (record.damagedRows.length === 0 || !('ids' in meta)) return [];
  // Their ids are known: a row that was there before under one of them is not what was stored last.
  live.apply({ deleted: record.damagedRows.map((row) => meta.ids[row]!) }, 0);
  return record.damagedRows.map((row) => {
    return { position: record.rowsAt + row * width, bytes: width, id: meta.ids[row]! };
  });
}

export function notAStore(path: string): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', `${path}: expected a store, found something else, or its header damaged`);
}
