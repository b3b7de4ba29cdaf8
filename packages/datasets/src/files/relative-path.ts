import { EmbeddingError } from '@diptych/core';

/** `path` if it names a file below its folder on every platform: plain segments between `/`, none of them `..`. */
export function relativePath(path: string, where: string): string {
  const plain = !/[\\:\0]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (plain) return path;
  throw new EmbeddingError('INPUT_INVALID', { where, expected: 'a path inside the data set', got: `'${path}'` });
}
