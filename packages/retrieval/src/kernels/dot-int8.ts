import type { Products } from '../kernel.ts';
import type { Embeddings } from '@diptych/core';

/** Exact below 133,000 components, where 32 bits hold every sum. */
export function dotInt8({ data, shape }: Embeddings<'int8'>): Products<'int8'> {
  const dim = shape[1];
  return (queries, first, count, out) => {
    for (let q = 0; q < queries.shape[0]; q++) {
      const query = queries.data.subarray(q * dim, (q + 1) * dim);
      for (let i = 0; i < count; i++) out[q * count + i] = dot(query, data, (first + i) * dim);
    }
  };
}

function dot(query: Int8Array, rows: Int8Array, at: number): number {
  const dim = query.length;
  const whole = dim & ~3;
  let [a, b] = [0, 0];
  for (let k = 0; k < whole; k += 4) {
    a = (a + query[k]! * rows[at + k]! + query[k + 1]! * rows[at + k + 1]!) | 0;
    b = (b + query[k + 2]! * rows[at + k + 2]! + query[k + 3]! * rows[at + k + 3]!) | 0;
  }
  for (let k = whole; k < dim; k++) a = (a + query[k]! * rows[at + k]!) | 0;
  return (a + b) | 0;
}
