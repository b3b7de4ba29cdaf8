import { expectText } from '@diptych/core';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { statIfThere } from './stat-if-there.ts';

/**
 * A folder and what leads to it.
 *
 * Node's own way says ENOENT of a read-only disk, and asks `/proc` for ever.
 *
 * @returns The first folder that was made; `undefined` where all are there.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  expectText(path, 'makeFolder');
  try {
    return await makeOne(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
  }
  const above = await makeFolder(dirname(path));
  const made = await makeOne(path);
  return above ?? made;
}

async function makeOne(path: string): Promise<string | undefined> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    if ((await statIfThere(path))?.isDirectory()) return undefined;
    throw error;
  }
}
