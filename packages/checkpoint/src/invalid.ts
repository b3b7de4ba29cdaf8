import { EmbeddingError } from '@diptych/core';

/** A file that does not hold what its format promises. */
export function invalid(file: string, problem: string, cause?: unknown): EmbeddingError {
  return new EmbeddingError('CHECKPOINT_INVALID', `${file}: ${problem}`, cause === undefined ? undefined : { cause });
}
