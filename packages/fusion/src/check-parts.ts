import { EmbeddingError } from '@diptych/core';
import type * as tf from '@tensorflow/tfjs-core';
import { namesOf, type PartWidths } from './joint-config.ts';

/** Vectors of each part, `[n, width]`; an absent part is a missing modality. */
export type GivenParts<Part extends string> = Readonly<Partial<Record<Part, tf.Tensor2D>>>;

/**
 * The parts in the order of their names, each of its width and all of one length; undefined where one is missing.
 *
 * @returns `n` with them.
 * @throws {EmbeddingError} `INPUT_INVALID` for a part that the config does not name, or none at all; `SHAPE_MISMATCH`
 * for one in another shape.
 */
export function checkParts<Part extends string>(
  widths: PartWidths<Part>,
  given: GivenParts<Part>,
): { readonly n: number; readonly parts: readonly (readonly [name: Part, part: tf.Tensor2D | undefined])[] } {
  checkNames(widths, given);
  const names = namesOf(widths);
  const n = names.map((name) => given[name]?.shape[0]).find((rows) => rows !== undefined);
  if (n === undefined) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'fusion',
      expected: `at least one part of ${names.join(', ')}`,
      got: 'none',
    });
  }
  for (const name of names) checkShape(name, given[name], [n, widths[name]]);
  return { n, parts: names.map((name) => [name, given[name]] as const) };
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a name that no part of the config has. */
export function checkNames(widths: PartWidths<string>, given: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(widths, name));
  if (unknown === undefined) return;
  const names = namesOf(widths).join(', ');
  throw new EmbeddingError('INPUT_INVALID', { where: 'fusion', expected: `parts among ${names}`, got: `'${unknown}'` });
}

function checkShape(name: string, x: tf.Tensor | undefined, expected: readonly [n: number, width: number]): void {
  if (!x || (x.rank === 2 && x.shape[0] === expected[0] && x.shape[1] === expected[1])) return;
  const cure = x.rank > 2 ? '; pool it to one vector for each item, as by maskedMean or globalAveragePool' : '';
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where: `fusion: part '${name}'`,
    expected: `[${expected}]`,
    got: `[${x.shape}]${cure}`,
  });
}
