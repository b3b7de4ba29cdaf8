import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import type { ByteSource } from '../byte-source.ts';
import type { Files } from '../files.ts';
import { relativePath } from '../relative-path.ts';
import { fileAt } from './file-source.ts';
import { statIfThere } from './stat-if-there.ts';

/**
 * The files of a folder. Each read opens and closes its file, so there is nothing to dispose.
 *
 * Links inside the folder are followed wherever they lead, as those of a Hugging Face cache must be.
 * Opening rejects with `NOT_FOUND` when there is no such folder and `INPUT_INVALID` for a path that leaves it.
 */
export function directory(path: string): Files {
  const id = resolve(path);
  const open = async (relative: string): Promise<ByteSource | undefined> => {
    const file = await fileAt(join(id, relativePath(relative, id)));
    if (file || (await statIfThere(id))?.isDirectory()) return file;
    throw new EmbeddingError('NOT_FOUND', { where: id, expected: 'a folder', got: 'none' });
  };
  return {
    id,
    open,
    has: async (relative) => (await open(relative)) !== undefined,
    async paths() {
      const top = await readdir(id, { withFileTypes: true });
      const below = top.filter((entry) => entry.isDirectory()).map(async ({ name }) => namesIn(id, name));
      return [
        ...top.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
        ...(await Promise.all(below)).flat(),
      ];
    },
  };
}

async function namesIn(folder: string, name: string): Promise<readonly string[]> {
  return (await readdir(join(folder, name))).map((file) => `${name}/${file}`);
}
