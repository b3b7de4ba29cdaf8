import { constants, type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import type { Store, StoreConfig } from '../store.ts';
import { checkConfig } from '../store/check-put.ts';
import { CheckedStore } from '../store/checked-store.ts';
import { compact, isWasteful } from './compact.ts';
import { FileStorage } from './file-storage.ts';
import { headerRecord } from './header.ts';
import { type LogState, readState } from './live-rows.ts';
import { acquireLock } from './lock.ts';
import { writeAt } from './positions.ts';
import { encodeRecord } from './record-log.ts';

/**
 * Rows in `rows.log` of a folder, made if absent, and held until the store is closed. Records carry checksums and are
 * only appended; each call that writes adds one and waits until it is on the disk. Whatever stops the process, at most
 * a record that was not acknowledged is torn; opening removes it and says so. Opening also rewrites a log of which most
 * is rows that were replaced or deleted.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have; `INPUT_INVALID` when the folder
 *   was made with another, is in use, cannot be made, or its log is damaged.
 */
export async function fileStore(folder: string, config: StoreConfig): Promise<Store> {
  const checked = checkConfig(config);
  await makeFolder(folder);
  const lock = await acquireLock(folder);
  let log: FileHandle | undefined;
  try {
    const path = join(folder, 'rows.log');
    log = await open(path, constants.O_RDWR | constants.O_CREAT);
    const read = await readState(log, path, checked);
    const droppedBytes = (await log.stat()).size - read.end;
    let state = read.end === 0 ? await begin(log, path, checked) : read;
    await log.truncate(state.end);
    if (isWasteful(state)) {
      const before = log;
      log = await compact(before, path, checked, state);
      await before.close();
      state = await readState(log, path, checked);
    }
    return new CheckedStore(checked, new FileStorage(log, lock, checked, { ...state, droppedBytes }));
  } catch (error) {
    await log?.close();
    await lock.release();
    throw error;
  }
}

/** A log without a whole header is new or was stopped in its first write. */
async function begin(log: FileHandle, path: string, config: Required<StoreConfig>): Promise<LogState> {
  const header = encodeRecord(headerRecord(config));
  const there = await log.readFile();
  if (!there.equals(header.subarray(0, there.length))) {
    throw new EmbeddingError('INPUT_INVALID', `${path}: expected a store, found something else`);
  }
  await writeAt(log, header, 0);
  await log.sync();
  return { live: new Map(), end: header.length, written: 0 };
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('INPUT_INVALID', `${folder}: cannot be made: ${why}`, { cause });
  }
}
