import { EmbeddingError } from '@diptych/core';

/**
 * A file that does not hold what its format promises.
 *
 * @param where The file, and what of it.
 */
export function invalid(where: string, expected: string, got: unknown = 'none'): EmbeddingError {
  return new EmbeddingError('CHECKPOINT_INVALID', { where, expected, got });
}

/** A file that its format allows and that is not read here. */
export function unsupported(where: string, expected: string, got: unknown): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', { where, expected, got });
}
