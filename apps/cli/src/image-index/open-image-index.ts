import { constants, type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { type Identity, identityRecord } from './identity.ts';
import { ImageIndex } from './image-index.ts';
import { liveRecords, type LiveRow, type LogState, readState } from './live-rows.ts';
import { acquireLock } from './lock.ts';
import { encodeRecord } from './record-log.ts';
import { writeAt } from '../write-at.ts';

/** A log of fewer dead records is not worth rewriting. */
const minDead = 1000;

/**
 * The index in a folder, made if absent, and held until it is disposed of.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when it belongs to another model or precision, another process holds it, or
 *   the folder cannot be written.
 */
export async function openImageIndex(folder: string, identity: Identity): Promise<ImageIndex> {
  await makeFolder(folder);
  const lock = await acquireLock(folder);
  let log: FileHandle | undefined;
  try {
    const path = join(folder, 'images.log');
    log = await open(path, constants.O_RDWR | constants.O_CREAT);
    let state = await readState(log, path, identity);
    const dropped = (await log.stat()).size - state.end;
    await log.truncate(state.end);
    if (isWasteful(state)) {
      const before = log;
      log = await compact(before, path, identity, state.live);
      await before.close();
      state = await readState(log, path, identity);
    }
    return new ImageIndex(log, lock, identity, state, dropped);
  } catch (error) {
    await log?.close();
    await lock.release();
    throw error;
  }
}

function isWasteful({ live, records }: LogState): boolean {
  const dead = records - live.size;
  return dead >= minDead && dead > live.size;
}

/** Live records alone in a new file that takes the old one's place once it is complete. */
async function compact(
  from: FileHandle,
  path: string,
  identity: Identity,
  live: ReadonlyMap<string, LiveRow>,
): Promise<FileHandle> {
  const to = await open(`${path}.partial`, 'w+');
  let end = 0;
  const append = async (bytes: Uint8Array) => {
    await writeAt(to, bytes, end);
    end += bytes.length;
  };
  await append(encodeRecord(identityRecord(identity)));
  for await (const record of liveRecords(from, live)) await append(encodeRecord(record));
  await to.sync();
  await rename(`${path}.partial`, path);
  return to;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('INPUT_INVALID', `${folder}: cannot be made: ${why}; use --index`, { cause });
  }
}
