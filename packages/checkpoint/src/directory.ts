import type { Stats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddingError } from '@diptych/core';
import type { ByteSource } from './byte-source.ts';
import { invalid } from './invalid.ts';
import type { ModelFiles } from './model-files.ts';
import { isRelativePath } from './relative-path.ts';

/** Most bytes of one system call, so that a signal is heard while a large tensor is read. */
const blockBytes = 1 << 26;

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
        throw new EmbeddingError('INPUT_INVALID', `${id}: expected a path inside, got '${relative}'`);
      }
      const file = join(id, relative);
      const found = await statIfThere(file);
      if (found?.isFile()) return fileSource(file, found.size);
      if (!(await statIfThere(id))?.isDirectory()) {
        throw new EmbeddingError('NOT_FOUND', `${id}: expected a folder, found none`);
      }
      return undefined;
    },
  };
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function fileSource(path: string, size: number): ByteSource {
  return {
    name: path,
    size,
    async read(begin, end, signal) {
      const file = await open(path);
      try {
        return await readRange(file, path, [begin, end], signal);
      } finally {
        await file.close();
      }
    },
  };
}

async function readRange(
  file: FileHandle,
  path: string,
  [begin, end]: readonly [number, number],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - begin);
  for (let done = 0; done < bytes.length;) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, blockBytes), begin + done);
    if (bytesRead === 0) throw invalid(path, `expected bytes up to ${end}, got ${begin + done}; was it cut short?`);
    done += bytesRead;
  }
  return bytes;
}
