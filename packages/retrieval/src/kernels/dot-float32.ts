import type { Embeddings, SearchQueries } from '@diptych/core';

/** Summed in double precision. */
export function dotFloat32({ data, shape }: Embeddings): SearchQueries<'float32'> {
  const dim = shape[1];
  return ({ data: queries }) => {
    const wide = Float64Array.from(queries); // Once, not once per row.
    return (first, count, out) => {
      for (let q = 0; q * dim < wide.length; q++) {
        const query = wide.subarray(q * dim, (q + 1) * dim);
        for (let i = 0; i < count; i++) out[q * count + i] = dot(query, data, (first + i) * dim);
      }
    };
  };
}

/** Four sums: one alone waits for its last addition. */
function dot(query: Float64Array, rows: Float32Array, at: number): number {
  const dim = query.length;
  const whole = dim & ~3;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let k = 0; k < whole; k += 4) {
    a += query[k]! * rows[at + k]!;
    b += query[k + 1]! * rows[at + k + 1]!;
    c += query[k + 2]! * rows[at + k + 2]!;
    d += query[k + 3]! * rows[at + k + 3]!;
  }
  for (let k = whole; k < dim; k++) a += query[k]! * rows[at + k]!;
  return a + b + (c + d);
}
