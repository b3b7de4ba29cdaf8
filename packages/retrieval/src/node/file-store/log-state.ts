import type { FileHandle } from 'node:fs/promises';
import { EmbeddingError } from '@diptych/core';
import type { StoreConfig } from '../../store.ts';
import type { DamagedPart } from '../../store.ts';
import { versionOf } from './header.ts';
import { LiveRows } from './live-rows.ts';
import { LogDigest } from './log-digest.ts';
import { areWhole, readRecords } from './record-log.ts';
import { checkRowsMeta, parseMeta } from './rows-meta.ts';

/** What a log holds. */
export interface LogState {
  readonly live: LiveRows;
  /** Where the next record goes. */
  readonly end: number;
  /** Of the log; `undefined` for one that has no header. */
  readonly version: 1 | 2 | undefined;
  readonly digest: LogDigest;
  /** What could not be read; rows are still to be checked. */
  readonly damaged: readonly DamagedPart[];
  /** What of it lies at the end: a last record of which not all arrived, as a crash of the machine leaves it. */
  readonly aside?: DamagedPart | undefined;
}

/**
 * Reads the heads of a log and what they tell of rows, but no rows.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when it belongs to another configuration, or a record says what none can.
 */
export async function readState(file: FileHandle, path: string, config: Required<StoreConfig>): Promise<LogState> {
  const live = new LiveRows(config);
  const damaged: DamagedPart[] = [];
  const digest = new LogDigest();
  let version: 1 | 2 | undefined;
  const { size } = await file.stat();
  live.reserve(size);
  const records = readRecords(file, size);
  for (;;) {
    const next = await records.next();
    if (next.done) return { live, end: next.value.end, version, digest, damaged };
    const part = next.value;
    if (part.kind === 'damage') digest.add(0, part.position + part.bytes);
    const isUnfinished =
      part.kind === 'record' && part.end === size && !part.isAcknowledged && !(await areWhole(file, part));
    if (part.kind === 'damage' || isUnfinished) {
      const { position } = part;
      const whole = { position, bytes: part.kind === 'damage' ? part.bytes : size - position };
      damaged.push(whole);
      if (isUnfinished) return { live, end: position, version, digest, damaged, aside: whole };
      continue;
    }
    digest.add(part.checksum, part.end);
    if (version !== undefined && live.read(part)) continue;
    const meta = parseMeta(part.meta);
    const header = versionOf(path, meta, config);
    if (header !== undefined) version ??= header;
    else if (version === undefined) throw notAStore(path);
    else
      live.apply(checkRowsMeta(`${path}: record at byte ${part.position}`, meta, part, config), part.rowsAt, part.sums);
  }
}

export function notAStore(path: string): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', {
    where: path,
    expected: 'a store',
    got: 'something else, or its header damaged',
  });
}
