import { type Embeddings, inverseNorms } from '@diptych/core';

/** Rows of length 1, rounded to float32. A zero row stays zero. */
export function unitRows(rows: Embeddings): Embeddings {
  const dim = rows.shape[1];
  const data = rows.data.slice();
  inverseNorms(rows).forEach((factor, row) => {
    for (let k = row * dim; k < (row + 1) * dim; k++) data[k]! *= factor;
  });
  return { ...rows, data };
}
