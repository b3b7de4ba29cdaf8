import { expectTexts } from '@diptych/core';
import type { Files } from '@diptych/files';

/**
 * The same files without asking for any that is not in the list.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no list of paths.
 */
export function listedFiles(files: Files, list: readonly string[]): Files {
  expectTexts(list, 'files');
  const listed = new Set(list);
  return {
    id: files.id,
    open: async (path, signal) => (listed.has(path) ? files.open(path, signal) : undefined),
    has: async (path) => listed.has(path),
    ...(files.peek && { peek: async (path, signal) => (listed.has(path) ? files.peek!(path, signal) : undefined) }),
    paths: async () => list,
  };
}
