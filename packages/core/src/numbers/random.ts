import { EmbeddingError } from '../error.ts';

/**
 * Uniform numbers in `[0, 1)`, the same sequence for the same seed on every engine: Mulberry32 by Tommy Ettinger, period
 * 2³². Seeds count modulo 2³².
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the seed is no integer.
 */
export function seededRandom(seed: number): () => number {
  if (!Number.isSafeInteger(seed)) {
    throw new EmbeddingError('INPUT_INVALID', { where: 'seed', expected: 'an integer', got: seed });
  }
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
