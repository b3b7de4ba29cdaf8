import { EmbeddingError } from '@diptych/core';

/**
 * Refuses what cannot be a cut-off `k`.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` unless `k` is a positive integer or `Infinity`, the whole list.
 */
export function expectDepth(k: number, name: string): void {
  if (k === Infinity || (Number.isInteger(k) && k >= 1)) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: name,
    expected: 'k to be a positive integer or Infinity',
    got: k,
  });
}
