import { constants, type FileHandle, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddingError, expectMembers, type SearchKernel } from '@diptych/core';
import { refused } from '../refusals.ts';
import { openFile, writeAt } from '@diptych/core/node';
import type { DamagedPart, Store, StoreConfig } from '../../store.ts';
import { checkConfig } from '../../store/check-put.ts';
import { CheckedStore } from '../../store/checked-store.ts';
import { FileStorage } from './file-storage.ts';
import { headerBytes } from './header.ts';
import { acquireLock, type Lock } from './lock.ts';
import { LogFile } from './log-file.ts';
import { type LogState, notAStore, readState } from './log-state.ts';
import type { OpenedLog } from './opened-log.ts';
import { readAt } from './positions.ts';

export interface FileStoreOptions {
  /**
   * Compares rows in 8 bits. Default: plain JavaScript. The index of 16,384 rows or more is kept when the store is closed; of one
   * that was filled and never searched it is made then, for the next to open it. Where it cannot be kept, as on a full disk,
   * `engine.note` says why, and nothing else is amiss.
   */
  readonly kernel?: SearchKernel<'int8'> | undefined;
}

/**
 * Rows in `rows.log` of a folder, made if absent, and held until the store is closed. Records carry checksums and are
 * only appended; each call that writes adds one and waits until it is on the disk. Whatever stops the process, at most
 * a record that was not acknowledged is torn; opening removes it and says so. What is damaged otherwise stays on the disk
 * and is told in `recovered`; all records around it are read. When half of the log is rows that were replaced or deleted
 * it is rewritten, while the store is used; what is damaged goes to `rows.damaged` then. A folder that cannot be written
 * is opened for reading.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` for a configuration that no store can have; `INPUT_INVALID` when the folder
 *   was made with another, is in use, cannot be made, or its log is no store's. Writes throw `UNSUPPORTED` in a store that
 *   is open for reading, and `INPUT_INVALID` when the disk takes no more.
 */
export async function fileStore(folder: string, config: StoreConfig, options: FileStoreOptions = {}): Promise<Store> {
  const { kernel } = expectMembers(options, 'fileStore: options');
  const checked = checkConfig(config);
  const path = join(folder, 'rows.log');
  await makeFolder(folder);
  const lock = await lockOrRead(folder);
  let log: FileHandle | undefined;
  try {
    log = (await openFile(path, lock ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY)).file;
    const opened = await openLog(log, path, checked, lock);
    return new CheckedStore(checked, await FileStorage.open(opened, checked, { kernel }));
  } catch (error) {
    await log?.close();
    await lock?.release();
    throw coded(path, error);
  }
}

async function openLog(
  log: FileHandle,
  path: string,
  config: Required<StoreConfig>,
  lock: Lock | undefined,
): Promise<OpenedLog> {
  const { size } = await log.stat();
  const state = await readState(log, path, config);
  const { live, aside } = state;
  const droppedBytes = aside ? 0 : size - state.end;
  const isWhole = state.version === 1 || state.end >= headerBytes(config).length;
  const { end, version, digest } = state.version && isWhole ? state : await begin(log, path, config, lock);
  if (aside) await keep(log, path, [aside], lock);
  if (lock) {
    await log.truncate(end);
    await rm(`${path}.partial`, { force: true, recursive: true });
  }
  const damaged = [...state.damaged];
  return {
    path,
    file: new LogFile(log, path),
    live,
    end,
    version: version ?? 2,
    digest,
    lock,
    droppedBytes,
    damaged,
    keepDamaged: () =>
      keep(
        log,
        path,
        damaged.filter((part) => part !== aside),
        lock,
      ),
  };
}

/** A log without a whole header is new or was stopped in its first write. */
async function begin(
  log: FileHandle,
  path: string,
  config: Required<StoreConfig>,
  lock: Lock | undefined,
): Promise<LogState> {
  const header = headerBytes(config);
  const there = await log.readFile();
  if (!lock || !there.equals(header.subarray(0, there.length))) throw notAStore(path);
  await writeAt(log, header, 0);
  await log.sync();
  return readState(log, path, config);
}

/** Adds bytes of the log to a file that nothing is ever removed from. */
async function keep(
  log: FileHandle,
  path: string,
  parts: readonly DamagedPart[],
  lock: Lock | undefined,
): Promise<void> {
  if (parts.length === 0 || !lock) return;
  const { file } = await openFile(
    path.replace(/log$/, 'damaged'),
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT,
  );
  try {
    for (const { position, bytes } of parts) {
      const damaged = new Uint8Array(bytes);
      await readAt(log, damaged, position);
      await file.writeFile(damaged);
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** `undefined` for a folder that can only be read. */
async function lockOrRead(folder: string): Promise<Lock | undefined> {
  try {
    return await acquireLock(folder);
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw coded(folder, error);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw refused(folder, 'made', cause);
  }
}

function coded(path: string, cause: unknown): EmbeddingError {
  if (cause instanceof EmbeddingError) return cause;
  return refused(path, 'opened', cause);
}
