import { EmbeddingError } from '@diptych/core';

/** A file that does not hold what its format promises. */
export function invalid(file: string, problem: string, cause?: unknown): EmbeddingError {
  return new EmbeddingError('CHECKPOINT_INVALID', `${file}: ${problem}`, cause === undefined ? undefined : { cause });
}

/** A file that its format allows and that is not read here. */
export function unsupported(file: string, problem: string): EmbeddingError {
  return new EmbeddingError('UNSUPPORTED', `${file}: ${problem}`);
}
