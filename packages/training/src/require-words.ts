import { EmbeddingError } from '@diptych/core';

/** @throws {EmbeddingError} `INPUT_INVALID` where captions leave a vocabulary empty. */
export function requireWords(count: number, minCount = 4): void {
  if (count > 0) return;
  const expected = `words that occur in at least ${minCount} captions`;
  throw new EmbeddingError('INPUT_INVALID', { where: 'captions', expected, got: 'none', cure: "lower 'minCount'" });
}
