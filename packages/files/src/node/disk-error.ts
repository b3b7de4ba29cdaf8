import { EmbeddingError, expectFunction } from '@diptych/core';

/** What the disk refused, by its path: `NOT_FOUND` for reading, `INPUT_INVALID` for writing. Other errors stay. */
export function diskError(verb: 'read' | 'written', path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause) || cause instanceof EmbeddingError) return cause;
  const where = 'path' in cause && typeof cause.path === 'string' ? cause.path : path;
  const code = verb === 'read' ? 'NOT_FOUND' : 'INPUT_INVALID';
  return new EmbeddingError(code, { where, expected: `what can be ${verb}`, got: cause }, { cause });
}

/**
 * What `work` gives. Where the disk refuses, being full, read-only or otherwise, `INPUT_INVALID` with the path: of the file,
 * or `path` where the system does not say.
 */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  expectFunction(work, 'onDisk: work');
  try {
    return await work();
  } catch (error) {
    throw diskError('written', path, error);
  }
}
