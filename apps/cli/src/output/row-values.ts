import type { Embeddings, Precision } from '@diptych/core';

/** The stored values of row `i`: `dim` of them, or `ceil(dim / 8)` bytes for the binary precisions. */
export function rowValues({ data, shape }: Embeddings<Precision>, i: number): Embeddings<Precision>['data'] {
  const width = data.length / shape[0];
  return data.subarray(i * width, (i + 1) * width);
}

/** The shortest decimal that reads back as the same float32, of at most nine digits. */
export function shortFloat(value: number): number {
  return Number(value.toPrecision(9));
}
