import { expectText } from '@diptych/core';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '@diptych/core/node';
import { diskError } from './disk-error.ts';

/** Where a file is written before it is renamed. */
export function partialOf(path: string): string {
  return `${path}.partial`;
}

/** Where the file that was there before is kept. */
export function previousOf(path: string): string {
  return `${path}.previous`;
}

/**
 * Writes a whole file in one step: whoever opens `path`, whenever the process or the machine stopped, finds the bytes of
 * one call. They are on the disk when it resolves; those of the call before stay at `<path>.previous`. One writer at a
 * time.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` with the path, where the disk refuses. What was there before stays.
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  expectText(path, 'replaceFile');
  try {
    await replace(path, bytes);
  } catch (error) {
    throw diskError('written', path, error);
  }
}

async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const partial = partialOf(path);
  // A link that somebody put there is not followed.
  await rm(partial, { force: true });
  const file = await open(partial, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    // Half of it would take room that a full disk does not have.
    await rm(partial, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await rename(path, previousOf(path)).catch(unlessMissing);
  await rename(partial, path);
  await syncFolder(dirname(path));
}

function unlessMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
