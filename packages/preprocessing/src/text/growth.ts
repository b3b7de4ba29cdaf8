import { EmbeddingError } from '@diptych/core';

/**
 * Refuses what steps of a file made of a text when it has grown beyond all that cleaning needs: over 64 times as long.
 *
 * @param length UTF-16 units now.
 * @param was And before the first step.
 * @throws {EmbeddingError} `UNSUPPORTED`.
 */
export function checkGrowth(length: number, was: number, where: string): void {
  if (length <= 64 * was + 1000) return;
  throw new EmbeddingError('UNSUPPORTED', {
    where,
    expected: 'steps that make a text at most 64 times as long',
    got: `${length} characters of ${was}`,
  });
}
