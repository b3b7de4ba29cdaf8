import { EmbeddingError } from '@diptych/core';

/**
 * Modality dropout: a mask for training that leaves out each part of each item by chance, but never all of them. Every
 * part draws `u` in `[0, 1)` and goes when `u < probability`; if all would go, the one with the largest `u` stays.
 *
 * @param shape `[n, parts]`.
 * @param random Uniform in `[0, 1)`, as `seededRandom` of `@diptych/nn`; called `n * parts` times, item by item.
 * @returns Row-major `[n, parts]`, 1 where a part stays; for `forward` of an `AvailableFusion`.
 * @throws {EmbeddingError} `CONFIG_INVALID` for a probability outside `[0, 1]`.
 */
export function dropModalities(
  [n, parts]: readonly [n: number, parts: number],
  probability: number,
  random: () => number,
): Uint8Array {
  if (!(probability >= 0 && probability <= 1)) {
    throw new EmbeddingError('CONFIG_INVALID', `dropModalities: expected a probability in [0, 1], got ${probability}`);
  }
  const mask = new Uint8Array(n * parts);
  for (let item = 0; item < n; item++) {
    const draws = Array.from({ length: parts }, random);
    const stays = Math.min(probability, Math.max(...draws));
    draws.forEach((u, part) => (mask[item * parts + part] = u >= stays ? 1 : 0));
  }
  return mask;
}
