import { EmbeddingError, expectItems, inTurns, type Steps, subtractRow } from '@diptych/core';
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
import { checkArguments, checkSameRows } from './check-arguments.ts';

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
 * predict best by (ridge) regression on their columns; `views[j].weights` are those regressions. The event loop turns all the
 * while; rejects with the reason of its signal.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when the views differ in rows, `INPUT_INVALID` when the columns of one are
 * linearly dependent and there is no ridge.
 */
export async function gcca(
  views: readonly Rows[],
  options: MultiviewOptions,
): Promise<MultiviewCca & { readonly shared: Matrix }> {
  checkViews('gcca', views, options);
  return inTurns(gccaSteps(views, options), options.signal);
}

/** `gcca` in pieces. */
export function* gccaSteps(
  views: readonly Rows[],
  options: MultiviewOptions,
): Steps<MultiviewCca & { readonly shared: Matrix }> {
  const { parts, values, vectors, rows } = yield* agreement(views, options);
  const shared = scaleColumns(
    yield* (options.algebra ?? plainAlgebra).multiply(rows, vectors),
    values.map((value) => 1 / Math.sqrt(value)),
  );
  const signs = columnSigns(shared);
  const factors = values.map((value, i) => Math.sqrt(value) * signs[i]!);
  return {
    values,
    shared: scaleColumns(shared, signs),
    views: yield* weightsOf(parts, scaleColumns(vectors, factors), options),
  };
}

/**
 * Multiset CCA, SUMCOR: `C v = λ D v` of the covariance `C` of all columns and its diagonal blocks `D`, with
 * `vᵀ D v = 1` where `D` is divided by `n - 1`. On each component the entry of largest magnitude is positive.
 *
 * @throws {EmbeddingError} As `gcca`.
 */
export async function mcca(views: readonly Rows[], options: MultiviewOptions): Promise<MultiviewCca> {
  checkViews('mcca', views, options);
  return inTurns(mccaSteps(views, options), options.signal);
}

function* mccaSteps(views: readonly Rows[], options: MultiviewOptions): Steps<MultiviewCca> {
  const { parts, values, vectors, rows } = yield* agreement(views, options);
  const unit = scaleColumns(
    vectors,
    values.map(() => Math.sqrt(rows.shape[0] - 1)),
  );
  const stacked = stack((yield* weightsOf(parts, unit, options)).map(({ weights }) => weights));
  return { values, views: yield* weightsOf(parts, scaleColumns(unit, columnSigns(stacked)), options) };
}

export function checkViews(name: string, views: readonly Rows[], options: MultiviewOptions): void {
  expectItems(views, `${name}: views`);
  if (views.length === 0) throw new EmbeddingError('INPUT_INVALID', { where: name, expected: 'a view', got: 'none' });
  checkArguments(name, { rows: views, options });
}

export interface Part {
  readonly mean: Float64Array;
  /** `lower · lowerᵀ = Xᵀ X + ridge I`. */
  readonly lower: Matrix;
}

export interface Agreement {
  readonly parts: readonly Part[];
  readonly values: Float64Array;
  readonly vectors: Matrix;
  /** `T`. */
  readonly rows: Matrix;
}

/** Eigenvectors of `Tᵀ T`, where `T = [X₁ L₁⁻ᵀ | X₂ L₂⁻ᵀ | …]` are the whitened views side by side. */
export function* agreement(
  views: readonly Rows[],
  { components, ridge = 0, algebra = plainAlgebra }: MultiviewOptions,
): Steps<Agreement> {
  checkSameRows(views);
  const parts: Part[] = [];
  const whitened: Matrix[] = [];
  for (const [i, view] of views.entries()) {
    const mean = columnMeans(view, `view ${i}`);
    const centred = subtractRow(view, mean);
    const lower = yield* algebra.cholesky(addToDiagonal(yield* algebra.gram(centred), ridge));
    parts.push({ mean, lower });
    whitened.push(yield* algebra.solveLower(lower, transpose(centred)));
  }
  const rows = transpose(stack(whitened));
  const { values, vectors } = yield* algebra.symmetricEigen(yield* algebra.gram(rows));
  return {
    parts,
    values: values.slice(0, components),
    vectors: leadingColumns(vectors, components),
    rows,
  };
}

/** `lower⁻ᵀ ·` the rows of `vectors` that belong to each part. */
export function* weightsOf(
  parts: readonly Part[],
  { data, shape: [, components] }: Matrix,
  { algebra = plainAlgebra }: AlgebraOptions,
): Steps<CcaView[]> {
  let at = 0;
  const views: CcaView[] = [];
  for (const { mean, lower } of parts) {
    const rows = data.slice(at, (at += mean.length * components));
    const own = { data: rows, shape: [mean.length, components] } as const;
    views.push({ mean, weights: yield* algebra.solveLower(lower, own, 'transposed') });
  }
  return views;
}

export function stack(matrices: readonly Matrix[]): Matrix {
  const columns = matrices[0]!.shape[1];
  const data = new Float64Array(matrices.reduce((size, matrix) => size + matrix.data.length, 0));
  let at = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, at);
    at += matrix.data.length;
  }
  return { data, shape: [data.length / columns, columns] };
}
