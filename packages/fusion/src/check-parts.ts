import { EmbeddingError, expectFields, expectList } from '@diptych/core';
import { expectTensor } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
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
  expectFields(given, 'fusion: parts');
  checkNames(widths, given);
  const names = namesOf(widths);
  const first = names.map((name) => given[name]).find((part) => part !== undefined);
  if (first === undefined) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'fusion',
      expected: `at least one part of ${names.join(', ')}`,
      got: 'none',
    });
  }
  const n = first instanceof tf.Tensor ? first.shape[0] : undefined;
  for (const name of names) {
    if (given[name] !== undefined) checkPart(given[name], name, [n ?? 'n', widths[name]]);
  }
  return { n: first.shape[0], parts: names.map((name) => [name, given[name]] as const) };
}

/** @throws {EmbeddingError} `INPUT_INVALID` for a name that no part of the config has. */
export function checkNames(widths: PartWidths<string>, given: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(widths, name));
  if (unknown === undefined) return;
  const names = namesOf(widths).join(', ');
  throw new EmbeddingError('INPUT_INVALID', { where: 'fusion', expected: `parts among ${names}`, got: `'${unknown}'` });
}

function checkPart(x: tf.Tensor, name: string, expected: readonly [n: number | string, width: number]): void {
  const where = `fusion: part '${name}'`;
  if (!(x instanceof tf.Tensor) || x.rank < 3) return expectTensor(x, where, expected);
  throw new EmbeddingError('SHAPE_MISMATCH', {
    where,
    expected: `[${expected.join(',')}]`,
    got: x.shape,
    cure: 'pool it to one vector for each item, as by maskedMean or globalAveragePool',
  });
}

/** @throws {EmbeddingError} `INPUT_INVALID` or `SHAPE_MISMATCH` for what is no list of rows, `[n, d]`, or an empty one. */
export function checkList(parts: readonly tf.Tensor2D[], where: string): void {
  expectList(parts, where);
  parts.forEach((part, i) => expectTensor(part, `${where}[${i}]`, ['n', 'd']));
  if (parts.length > 0) return;
  throw new EmbeddingError('INPUT_INVALID', { where, expected: 'at least one part', got: 'none' });
}
