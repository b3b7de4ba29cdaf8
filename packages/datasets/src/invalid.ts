import { EmbeddingError } from '@diptych/core';

/** A file or a row that does not hold what its format promises. `where` names the file and the line or row. */
export function invalid(where: string, expected: string, got: unknown, cause?: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where, expected, got }, cause === undefined ? undefined : { cause });
}
