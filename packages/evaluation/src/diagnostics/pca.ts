import { EmbeddingError, expectMembers, inTurns, pieces, type Steps } from '@diptych/core';
import type { FiniteRows, Matrix, Rows } from '../rows.ts';
import type { SignalOption } from '../signal-option.ts';
import { principalAxes } from './principal-axes.ts';

export interface Pca {
  /** What was taken from every row, `[dim]`. */
  readonly mean: Float64Array;
  /** Unit axes of falling variance, `[components, dim]`; the largest loading of each is positive. */
  readonly components: Matrix;
  /** Of every row on the axes, `[n, components]`. */
  readonly coordinates: Matrix;
}

export interface PcaOptions extends SignalOption {
  /** Default 2, for a map. */
  readonly components?: number;
}

/**
 * Principal components of the rows, the same on every run: a map of the space with two.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the rows span fewer components than asked for, or a value is not finite.
 */
export async function pca(rows: Rows, options: PcaOptions = {}): Promise<Pca> {
  expectMembers(options, 'pca: options');
  return inTurns(pcaSteps(rows, options.components ?? 2), options.signal);
}

function* pcaSteps(rows: Rows, components: number): Steps<Pca> {
  const { mean, centred, singularValues, axis } = yield* principalAxes(rows, 'pca');
  const spanned = singularValues.filter((value) => value > 0).length;
  if (!(Number.isInteger(components) && components >= 1 && components <= spanned)) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'pca',
      expected: `1 to ${spanned} components`,
      got: components,
    });
  }
  const axes: Float64Array[] = [];
  for (let index = 0; index < components; index++) {
    axes.push(withPositivePeak(axis(index)));
    yield undefined;
  }
  return {
    mean,
    components: { data: Float64Array.from(axes.flatMap((along) => [...along])), shape: [components, mean.length] },
    coordinates: yield* coordinatesOn(axes, centred),
  };
}

function* coordinatesOn(axes: readonly Float64Array[], { data, shape: [n, dim] }: FiniteRows): Steps<Matrix> {
  const out = new Float64Array(n * axes.length);
  const pause = pieces();
  for (let row = 0, at = 0; row < n; row++) {
    for (const along of axes) {
      for (let k = 0; k < dim; k++) out[at]! += data[row * dim + k]! * along[k]!;
      at++;
    }
    if (pause(dim * axes.length)) yield undefined;
  }
  return { data: out, shape: [n, axes.length] };
}

function withPositivePeak(axis: Float64Array): Float64Array {
  const peak = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most));
  return peak < 0 ? axis.map((value) => -value) : axis;
}
