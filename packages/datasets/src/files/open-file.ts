import { checkSignal, EmbeddingError, expectMembers } from '@diptych/core';
import { type ByteSource, type Files, relativePath } from '@diptych/files';

/** A file that must be there. */
export async function openFile(files: Files, path: string, signal?: AbortSignal): Promise<ByteSource> {
  expectMembers(files, 'data set: files', 'open');
  checkSignal(signal);
  const file = await files.open(relativePath(path, files.id), signal);
  if (file) return file;
  throw new EmbeddingError('NOT_FOUND', { where: files.id, expected: `a file '${path}'`, got: 'none' });
}
