import { EmbeddingError } from '@diptych/core';

/** As many as Linux takes. */
const maxLetters = 4096;

/** Whether `path` names a file below its folder on every platform: plain segments between `/`, none of them `..`. */
export function isRelativePath(path: string): boolean {
  return (
    typeof path === 'string' &&
    path.length <= maxLetters &&
    !/[\\:\0]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/**
 * A path of which `isRelativePath` is true.
 *
 * @param where What errors call its folder.
 * @throws {EmbeddingError} `INPUT_INVALID` for one that leaves it.
 */
export function relativePath(path: string, where: string): string {
  if (isRelativePath(path)) return path;
  throw new EmbeddingError('INPUT_INVALID', { where, expected: 'a path inside the folder', got: `'${path}'` });
}

/** A path as it stands in an address. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
