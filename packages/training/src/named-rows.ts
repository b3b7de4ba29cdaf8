import type { Rows } from '@diptych/alignment';
import { EmbeddingError, type FeatureBatch } from '@diptych/core';

/** Rows of features by what they belong to, all in memory. */
export interface NamedRows {
  readonly width: number;
  /**
   * Rows in this order.
   *
   * @throws {EmbeddingError} `NOT_FOUND` with the name.
   */
  readonly of: (names: readonly string[]) => FeatureBatch;
}

/**
 * @param rows One for each name.
 * @param where What errors call them.
 */
export function namedRows({ data, shape: [, width] }: Rows, names: readonly string[], where: string): NamedRows {
  const places = new Map(names.map((name, row) => [name, row]));
  return {
    width,
    of(wanted) {
      const values = new Float32Array(wanted.length * width);
      for (const [i, name] of wanted.entries()) {
        const row = places.get(name);
        if (row === undefined)
          throw new EmbeddingError('NOT_FOUND', { where, expected: `the image '${name}'`, got: 'none' });
        values.set(data.subarray(row * width, (row + 1) * width), i * width);
      }
      return { values, shape: [wanted.length, width] };
    },
  };
}
