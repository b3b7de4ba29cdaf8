import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import { fileSource } from './file-source.ts';
import type { ModelFiles } from './model-files.ts';
import { isRelativePath } from './relative-path.ts';
import { statIfThere } from './stat-if-there.ts';

/**
 * The files of a folder. Each read opens and closes its file, so there is nothing to dispose.
 *
 * Links inside the folder are followed wherever they lead, as those of a Hugging Face cache must be.
 * Opening rejects with `NOT_FOUND` when there is no such folder and `INPUT_INVALID` for a path that leaves it.
 */
export function directory(path: string): ModelFiles {
  const id = resolve(path);
  return {
    id,
    async open(relative) {
      if (!isRelativePath(relative)) {
        throw new EmbeddingError('INPUT_INVALID', { where: id, expected: 'a path inside', got: `'${relative}'` });
      }
      const file = join(id, relative);
      const found = await statIfThere(file);
      if (found?.isFile()) return fileSource(file, found.size);
      if (!(await statIfThere(id))?.isDirectory()) {
        throw new EmbeddingError('NOT_FOUND', { where: id, expected: 'a folder', got: 'none' });
      }
      return undefined;
    },
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
