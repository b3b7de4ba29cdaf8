import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What is at a path, `undefined` where nothing is. Follows links. */
export async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
