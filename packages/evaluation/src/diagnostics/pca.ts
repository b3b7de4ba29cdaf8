import { EmbeddingError } from '@diptych/core';
import type { Matrix, Rows } from '../rows.ts';
import { principalAxes } from './principal-axes.ts';

export interface Pca {
  /** What was taken from every row, `[dim]`. */
  readonly mean: Float64Array;
  /** Unit axes of falling variance, `[components, dim]`; the largest loading of each is positive. */
  readonly components: Matrix;
  /** Of every row on the axes, `[n, components]`. */
  readonly coordinates: Matrix;
}

/**
 * Principal components of the rows, the same on every run: a map of the space with two, the default.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the rows span fewer components than asked for, or a value is not finite.
 */
export function pca(rows: Rows, components = 2): Pca {
  const { mean, centred, singularValues, axis } = principalAxes(rows, 'pca');
  const spanned = singularValues.filter((value) => value > 0).length;
  if (!(Number.isInteger(components) && components >= 1 && components <= spanned)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'pca',
      expected: `1 to ${spanned} components`,
      got: components,
    });
  }
  const axes = Array.from({ length: components }, (_, index) => withPositivePeak(axis(index)));
  const [n, dim] = centred.shape;
  const coordinates = new Float64Array(n * components);
  for (let i = 0; i < coordinates.length; i++) {
    const [row, along] = [Math.floor(i / components), axes[i % components]!];
    for (let k = 0; k < dim; k++) coordinates[i]! += centred.data[row * dim + k]! * along[k]!;
  }
  return {
    mean,
    components: { data: Float64Array.from(axes.flatMap((along) => [...along])), shape: [components, dim] },
    coordinates: { data: coordinates, shape: [n, components] },
  };
}

function withPositivePeak(axis: Float64Array): Float64Array {
  const peak = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most));
  return peak < 0 ? axis.map((value) => -value) : axis;
}
