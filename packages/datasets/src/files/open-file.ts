import { EmbeddingError } from '@diptych/core';
import type { DataFile, DataFiles } from './data-file.ts';
import { relativePath } from './relative-path.ts';

/** A file that must be there. */
export async function openFile(files: DataFiles, path: string, signal?: AbortSignal): Promise<DataFile> {
  signal?.throwIfAborted();
  const file = await files.open(relativePath(path, files.id), signal);
  if (file) return file;
  throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: `a file '${path}'`, got: 'none' });
}
