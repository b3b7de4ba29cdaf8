import type { Embeddings } from '@diptych/core';

/** Per row 1 over its length, or 0 for a zero row, whose cosine with any other is 0. */
export function inverseNorms({ data, shape: [n, dim] }: Embeddings): Float64Array {
  const out = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    let sum = 0;
    for (let k = row * dim; k < (row + 1) * dim; k++) sum += data[k]! ** 2;
    out[row] = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  }
  return out;
}
