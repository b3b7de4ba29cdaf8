import { EmbeddingError } from '@diptych/core';

/** What the disk refused, by its path: `NOT_FOUND` for reading, `INPUT_INVALID` for writing. Other errors stay. */
export function diskError(verb: 'read' | 'written', path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('syscall' in cause) || cause instanceof EmbeddingError) return cause;
  const where = 'path' in cause && typeof cause.path === 'string' ? cause.path : path;
  const code = verb === 'read' ? 'NOT_FOUND' : 'INPUT_INVALID';
  return new EmbeddingError(code, `${where}: could not be ${verb}: ${cause.message}`, { cause });
}
