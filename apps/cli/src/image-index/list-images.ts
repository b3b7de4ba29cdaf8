import { stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import type { OnFailure } from '../report.ts';
import type { Entry } from './image-index.ts';

/** A file, and how the user called it. */
export interface Listed extends Entry {
  readonly path: string;
  /** What stays of it when it is renamed, and no other file has: device, inode and birth. */
  readonly file: string;
}

/** Files by key, each once. Those that are not there are reported. */
export async function listImages(
  paths: AsyncIterable<string> | Iterable<string>,
  indexFolder: string,
  onFailure: OnFailure,
): Promise<ReadonlyMap<string, Listed>> {
  const listed = new Map<string, Listed>();
  for await (const path of paths) {
    try {
      const { size, mtimeMs, dev, ino, birthtimeMs } = await stat(path);
      const key = keyOf(indexFolder, path);
      const file = `${dev} ${ino} ${birthtimeMs}`;
      if (!listed.has(key)) listed.set(key, { path, key, stamp: { size, mtimeMs }, file });
    } catch (cause) {
      const problem = { where: path, expected: 'a readable file', got: cause };
      onFailure(path, new EmbeddingError('NOT_FOUND', problem, { cause }));
    }
  }
  return listed;
}

/** What an index calls a file. */
export function keyOf(indexFolder: string, path: string): string {
  return relative(resolve(indexFolder), resolve(path)).split(sep).join('/');
}
