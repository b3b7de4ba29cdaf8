import { EmbeddingError, subtractRow } from '@diptych/core';
import { columnMeans } from '../linear-algebra/columns.ts';
import {
  addToDiagonal,
  leadingColumns,
  type Matrix,
  type Rows,
  scaleColumns,
  transpose,
} from '../linear-algebra/matrix.ts';
import { type AlgebraOptions, plainAlgebra } from '../linear-algebra/plain.ts';
import type { CcaView } from './cca.ts';
import { columnSigns } from './sign-rule.ts';

/** Directions of several views that agree most, as plain data. */
export interface MultiviewCca {
  /** Largest first, in `[0, number of views]`; `1 + correlation` for two views without a ridge. */
  readonly values: Float64Array;
  /** In the order of the views; for `project`. */
  readonly views: readonly CcaView[];
}

export interface MultiviewOptions extends AlgebraOptions {
  /** How many directions to keep. */
  readonly components: number;
  /** Added to the diagonal of every `Xⱼᵀ Xⱼ`, centred and not divided by the rows; default 0. */
  readonly ridge?: number;
}

/**
 * Generalised CCA, MAX-VAR of Kettenring 1971: the orthonormal columns of `shared` `[n, components]` that the views
 * predict best by (ridge) regression on their columns; `views[j].weights` are those regressions.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the views differ in rows, `INPUT_INVALID` when the columns of one are
 * linearly dependent and there is no ridge.
 */
export function gcca(views: readonly Rows[], options: MultiviewOptions): MultiviewCca & { readonly shared: Matrix } {
  const { parts, values, vectors, rows } = agreement(views, options);
  const shared = scaleColumns(
    (options.algebra ?? plainAlgebra).multiply(rows, vectors),
    values.map((value) => 1 / Math.sqrt(value)),
  );
  const signs = columnSigns(shared);
  const factors = values.map((value, i) => Math.sqrt(value) * signs[i]!);
  return {
    values,
    shared: scaleColumns(shared, signs),
    views: weightsOf(parts, scaleColumns(vectors, factors), options),
  };
}

/**
 * Multiset CCA, SUMCOR: `C v = λ D v` of the covariance `C` of all columns and its diagonal blocks `D`, with
 * `vᵀ D v = 1` where `D` is divided by `n - 1`. On each component the entry of largest magnitude is positive.
 *
 * @throws {EmbeddingError} As `gcca`.
 */
export function mcca(views: readonly Rows[], options: MultiviewOptions): MultiviewCca {
  const { parts, values, vectors, rows } = agreement(views, options);
  const unit = scaleColumns(
    vectors,
    values.map(() => Math.sqrt(rows.shape[0] - 1)),
  );
  const stacked = stack(weightsOf(parts, unit, options).map(({ weights }) => weights));
  return { values, views: weightsOf(parts, scaleColumns(unit, columnSigns(stacked)), options) };
}

interface Part {
  readonly mean: Float64Array;
  /** `lower · lowerᵀ = Xᵀ X + ridge I`. */
  readonly lower: Matrix;
}

/** Eigenvectors of `Tᵀ T`, where `T = [X₁ L₁⁻ᵀ | X₂ L₂⁻ᵀ | …]` are the whitened views side by side. */
function agreement(views: readonly Rows[], { components, ridge = 0, algebra = plainAlgebra }: MultiviewOptions) {
  const n = views[0]?.shape[0] ?? 0;
  const wrong = views.findIndex(({ shape }) => shape[0] !== n);
  if (wrong >= 0) {
    throw new EmbeddingError('SHAPE_MISMATCH', `view ${wrong}: expected ${n} rows, got ${views[wrong]!.shape[0]}`);
  }
  const whitened = views.map((view, i) => {
    const mean = columnMeans(view, `view ${i}`);
    const rows = subtractRow(view, mean);
    const lower = algebra.cholesky(addToDiagonal(algebra.gram(rows), ridge));
    return { mean, lower, columns: algebra.solveLower(lower, transpose(rows)) };
  });
  const rows = transpose(stack(whitened.map((part) => part.columns)));
  const { values, vectors } = algebra.symmetricEigen(algebra.gram(rows));
  const parts: readonly Part[] = whitened;
  return {
    parts,
    values: values.slice(0, components),
    vectors: leadingColumns(vectors, components),
    rows,
  };
}

/** `lower⁻ᵀ ·` the rows of `vectors` that belong to each part. */
function weightsOf(
  parts: readonly Part[],
  { data, shape: [, components] }: Matrix,
  { algebra = plainAlgebra }: AlgebraOptions,
): CcaView[] {
  let at = 0;
  return parts.map(({ mean, lower }) => {
    const rows = data.slice(at, (at += mean.length * components));
    return { mean, weights: algebra.solveLower(lower, { data: rows, shape: [mean.length, components] }, 'transposed') };
  });
}

function stack(matrices: readonly Matrix[]): Matrix {
  const columns = matrices[0]!.shape[1];
  const data = new Float64Array(matrices.reduce((size, matrix) => size + matrix.data.length, 0));
  let at = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, at);
    at += matrix.data.length;
  }
  return { data, shape: [data.length / columns, columns] };
}
