import { linear, type ParamsOf, type Projection, projectionSpec } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { eachPart, type PartWidths } from './joint-config.ts';

/** One linear layer without a bias for each part, by its name. */
export type Projections = Readonly<Record<string, Projection>>;

export function projectionsSpec(parts: PartWidths<string>, outputs: number): Projections {
  return eachPart(parts, (width) => projectionSpec(width, outputs));
}

/** Each part in the common space, `[n, outputs]`. */
export function project(projections: ParamsOf<Projections>, parts: readonly tf.Tensor2D[]): tf.Tensor2D[] {
  return Object.values(projections).map((projection, i) => linear(projection, parts[i]!));
}

/** Elementwise product of arrays of one shape. */
export function productOf<T extends tf.Tensor>(factors: readonly T[]): T {
  return factors.reduce((product, factor) => tf.mul<T>(product, factor));
}
