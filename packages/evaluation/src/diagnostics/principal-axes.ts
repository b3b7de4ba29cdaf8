import { columnMeans, type Steps, subtractRow } from '@diptych/core';
import { symmetricEigen } from '@diptych/core/eigen';
import { finiteRows, type FiniteRows, type Rows } from '../rows.ts';
import { innerProducts } from './inner-products.ts';

/** Singular values of the centred rows, largest first, and the axes that belong to them. */
export interface PrincipalAxes {
  readonly mean: Float64Array;
  readonly centred: FiniteRows;
  /** `min(n, dim)` of them. */
  readonly singularValues: Float64Array;
  /** Unit vector `[dim]` of a singular value above 0. */
  readonly axis: (index: number) => Float64Array;
}

/** From the eigenvectors of the smaller of `xᵀ x` and `x xᵀ`, in double precision. */
export function* principalAxes(rows: Rows, name: string): Steps<PrincipalAxes> {
  const finite = finiteRows(rows, name);
  const [n, dim] = finite.shape;
  const mean = columnMeans(finite);
  const centred = subtractRow(finite, mean);
  const wide = n < dim;
  const side = wide ? n : dim;
  const products = yield* innerProducts(wide ? transpose(centred) : centred);
  const { values, vectors } = yield* symmetricEigen({ data: products, shape: [side, side] });
  // Rounding leaves a zero a little below or above.
  const noise = Number.EPSILON * side * Math.max(values[0]!, 0);
  const singularValues = values.map((value) => (value > noise ? Math.sqrt(value) : 0));
  const vector = (index: number) => Float64Array.from({ length: side }, (_, i) => vectors.data[i * side + index]!);
  const axis = (index: number) => (wide ? combine(centred, vector(index), singularValues[index]!) : vector(index));
  return { mean, centred, singularValues, axis };
}

function transpose({ data, shape: [n, dim] }: FiniteRows): FiniteRows {
  return { data: Float64Array.from(data, (_, i) => data[(i % n) * dim + Math.floor(i / n)]!), shape: [dim, n] };
}

/** `xᵀ u / s`, the right singular vector of a left one. */
function combine({ data, shape: [n, dim] }: FiniteRows, weights: Float64Array, value: number): Float64Array {
  const out = new Float64Array(dim);
  for (let i = 0; i < n * dim; i++) out[i % dim]! += (weights[Math.floor(i / dim)]! * data[i]!) / value;
  return out;
}
