import { EmbeddingError, expectMembers } from '@diptych/core';
import { namesOf } from './joint-config.ts';

/**
 * Modality dropout: leaves out each part of each of `n` items by chance in training, but never all of them. Every part
 * draws `u` in `[0, 1)` and goes when `u < probability`; if all would go, the one with the largest `u` stays.
 *
 * @param items How many, and the parts by name, as those of a config.
 * @param random Uniform in `[0, 1)`, as `seededRandom` of `@diptych/core`; called for each item, part by part in the order
 * of their names.
 * @returns `[n]` for each part, 1 where an item keeps it; for `forward` of an `AvailableFusion`.
 * @throws {EmbeddingError} `CONFIG_INVALID` for a probability outside `[0, 1]`.
 */
export function dropModalities<Part extends string>(
  config: { readonly n: number; readonly parts: Readonly<Record<Part, unknown>> },
  probability: number,
  random: () => number,
): Record<Part, Uint8Array> {
  const { n, parts } = expectMembers(config, 'dropModalities: config', 'n', 'parts');
  if (!(probability >= 0 && probability <= 1)) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'dropModalities',
      expected: 'a probability in [0, 1]',
      got: probability,
    });
  }
  const present = namesOf(parts).map((name) => [name, new Uint8Array(n)] as const);
  for (let item = 0; item < n; item++) {
    const draws = present.map(random);
    const stays = Math.min(probability, Math.max(...draws));
    present.forEach(([, keeps], part) => (keeps[item] = draws[part]! >= stays ? 1 : 0));
  }
  return Object.fromEntries(present) as Record<Part, Uint8Array>;
}
