import type { Embeddings } from '@diptych/core';

/** Rows one after another. */
export interface Matrix {
  readonly data: Float32Array;
  readonly shape: readonly [rows: number, dim: number];
}

/** A row, not copied. */
export function rowAt({ data, shape: [, dim] }: Matrix, row: number): Float32Array {
  return data.subarray(row * dim, (row + 1) * dim);
}

/** Of unit rows their cosine. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The mean of rows, zeros where there are none. */
export function meanRow(rows: Matrix): Float32Array {
  const [n, dim] = rows.shape;
  const sum = new Float64Array(dim);
  for (let i = 0; i < rows.data.length; i++) sum[i % dim]! += rows.data[i]!;
  return Float32Array.from(sum, (value) => (n > 0 ? value / n : 0));
}

/** As the packages take rows. */
export function embeddings({ data, shape }: Matrix): Embeddings {
  return { data, shape, model: 'photos', precision: 'float32' };
}
