import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openFile } from '@diptych/core/node';
import type { DataFile, DataFiles } from '../files/data-file.ts';
import { relativePath } from '../files/relative-path.ts';
import { invalid } from '../invalid.ts';

/**
 * The files of a folder. Each read opens and closes its file, so there is nothing to dispose.
 *
 * Links inside the folder are followed wherever they lead, as those of a Hugging Face cache must be.
 */
export function directory(path: string): DataFiles {
  const id = resolve(path);
  const sizeOf = async (relative: string): Promise<number | undefined> => {
    const found = await stat(join(id, relativePath(relative, id))).catch(ignoreMissing);
    return found?.isFile() ? found.size : undefined;
  };
  return {
    id,
    async open(relative) {
      const size = await sizeOf(relative);
      return size === undefined ? undefined : fileOf(join(id, relative), size);
    },
    has: async (relative) => (await sizeOf(relative)) !== undefined,
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

/** Most bytes of one system call: above 2 GiB Node aborts the process. */
const blockBytes = 1 << 26;

function fileOf(name: string, size: number): DataFile {
  return {
    name,
    size,
    async read(begin, end, signal) {
      signal?.throwIfAborted();
      const { file } = await openFile(name);
      try {
        const bytes = new Uint8Array(end - begin);
        for (let done = 0; done < bytes.length;) {
          signal?.throwIfAborted();
          const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, blockBytes), begin + done);
          if (bytesRead === 0)
            throw invalid(name, `expected bytes up to ${end}, got ${begin + done}; was it cut short?`);
          done += bytesRead;
        }
        return bytes;
      } finally {
        await file.close();
      }
    },
  };
}
