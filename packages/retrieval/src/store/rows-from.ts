import type { Embeddings } from '@diptych/core';

/** Some queries, as many as there are. */
export function rowsFrom({ data, shape: [n, dim], ...rest }: Embeddings, first: number, count: number): Embeddings {
  const end = Math.min(n, first + Math.floor(count));
  return { ...rest, data: data.subarray(first * dim, end * dim), shape: [end - first, dim] };
}
