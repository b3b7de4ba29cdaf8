import { EmbeddingError } from '@diptych/core';
import { linear, type ParamsOf, type Projection, projectionSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { eachPart, namesOf, type PartWidths } from './joint-config.ts';

/** Vectors of each part by its name, `[n, width]`. */
export type NamedParts = Readonly<Record<string, tf.Tensor2D>>;

/** One linear layer without a bias for each part, by its name. */
export type Projections = Readonly<Record<string, Projection>>;

export function projectionsSpec(parts: PartWidths<string>, outputs: number): Projections {
  return eachPart(parts, (width) => projectionSpec(width, outputs));
}

/** Each part in the common space, `[n, outputs]`, by its own projection, in the order of their names. */
export function project(projections: ParamsOf<Projections>, parts: NamedParts): tf.Tensor2D[] {
  return withOwn(projections, parts, (projection, x) => linear(projection, x));
}

/**
 * `value` of each part with what is learned for it, in the order of their names.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` when something was learned for other parts.
 */
export function withOwn<P, T>(
  learned: Readonly<Record<string, P>>,
  parts: NamedParts,
  value: (own: P, x: tf.Tensor2D, name: string) => T,
): T[] {
  const [names, known] = [namesOf(parts), namesOf(learned)];
  if (names.length !== known.length || !names.every((name) => Object.hasOwn(learned, name))) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'fusion',
      expected: `parameters for the parts ${names.join(', ')}`,
      got: `some for ${known.join(', ') || 'none'}`,
    });
  }
  return names.map((name) => value(learned[name]!, parts[name]!, name));
}

/** Elementwise product of arrays of one shape. */
export function productOf<T extends tf.Tensor>(factors: readonly T[]): T {
  return factors.reduce((product, factor) => tf.mul<T>(product, factor));
}
