import type { Rows } from '@diptych/alignment';
import { EmbeddingError, expectRows, expectTexts, type FeatureBatch } from '@diptych/core';

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
export function namedRows(rows: Rows, names: readonly string[], where: string): NamedRows {
  expectRows(rows, 'namedRows: rows');
  expectTexts(names, 'namedRows: names');
  const { data, shape } = rows;
  const [, width] = shape;
  const rowOf = rowsByName(names, where);
  return {
    width,
    of(wanted) {
      const values = new Float32Array(wanted.length * width);
      for (const [i, name] of wanted.entries()) {
        const row = rowOf(name);
        if (row === undefined)
          throw new EmbeddingError('NOT_FOUND', { where, expected: `the image '${name}'`, got: 'none' });
        values.set(data.subarray(row * width, (row + 1) * width), i * width);
      }
      return { values, shape: [wanted.length, width] };
    },
  };
}

/** By the whole name, or, for paths that begin further up, by the end of it. */
function rowsByName(names: readonly string[], where: string): (name: string) => number | undefined {
  const whole = new Map(names.map((name, row) => [name, row]));
  const byLast = new Map<string, number[]>();
  for (const [row, name] of names.entries()) {
    const others = byLast.get(lastPart(name));
    if (others) others.push(row);
    else byLast.set(lastPart(name), [row]);
  }
  return (name) => {
    const row = whole.get(name);
    if (row !== undefined) return row;
    const ending = (byLast.get(lastPart(name)) ?? []).filter((at) => names[at]!.endsWith(`/${name}`));
    if (ending.length < 2) return ending[0];
    throw new EmbeddingError('INPUT_INVALID', {
      where,
      expected: `one image '${name}'`,
      got: `${ending.length} that end so`,
    });
  };
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
