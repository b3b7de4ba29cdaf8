import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddingError, expectText } from '@diptych/core';
import type { ByteSource } from '../byte-source.ts';
import type { Files } from '../files.ts';
import { relativePath } from '../relative-path.ts';
import { fileAt } from './file-source.ts';
import { partialName, publishedName } from './output-names.ts';
import { statIfThere } from './stat-if-there.ts';

/**
 * The files of a folder, as the last output into it left them. Each read opens and closes its file, so there is nothing to
 * dispose.
 *
 * Links inside the folder are followed wherever they lead, as those of a Hugging Face cache must be.
 * Opening rejects with `NOT_FOUND` when there is no such folder and `INPUT_INVALID` for a path that leaves it.
 */
export function directory(path: string): Files {
  expectText(path, 'directory');
  const id = resolve(path);
  const open = async (relative: string): Promise<ByteSource | undefined> => {
    const inside = relativePath(relative, id);
    // A run that was killed while it moved its files has published them.
    const file = (await fileAt(join(id, publishedName, inside))) ?? (await fileAt(join(id, inside)));
    if (file || (await statIfThere(id))?.isDirectory()) return file;
    throw new EmbeddingError('NOT_FOUND', { where: id, expected: 'a folder', got: 'none' });
  };
  return {
    id,
    open,
    has: async (relative) => (await open(relative)) !== undefined,
    async paths() {
      const published = await namesOf(join(id, publishedName)).catch(() => []);
      return [...new Set([...(await namesOf(id)), ...published])];
    },
  };
}

/** Of the files and of those one folder below; what is on its way is not there. */
async function namesOf(folder: string): Promise<readonly string[]> {
  const top = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !onTheWay.includes(name));
  const below = top.map(async (entry) => {
    if (!entry.isDirectory()) return [entry.name];
    return (await readdir(join(folder, entry.name))).map((file) => `${entry.name}/${file}`);
  });
  return (await Promise.all(below)).flat();
}

const onTheWay = [partialName, publishedName];
