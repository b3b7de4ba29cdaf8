import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { diskError } from './disk-error.ts';

/**
 * What is at a path, `undefined` where nothing is. Follows links.
 *
 * @throws {EmbeddingError} `NOT_FOUND` where that is not to be seen.
 */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw diskError('read', path, error);
  }
}
