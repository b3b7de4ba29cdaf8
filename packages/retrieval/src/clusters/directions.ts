import type { Embeddings } from '@diptych/core';
import { unitRows } from '../unit-rows.ts';

/** The mean direction of each cluster; where its rows cancel out, the centre it had. */
export function directions(unit: Embeddings, cluster: Int32Array, before: Embeddings): Embeddings {
  const [count, dim] = before.shape;
  const sums = new Float64Array(count * dim);
  cluster.forEach((c, row) => {
    for (let k = 0; k < dim; k++) sums[c * dim + k]! += unit.data[row * dim + k]!;
  });
  for (let c = 0; c < count; c++) {
    const sum = sums.subarray(c * dim, (c + 1) * dim);
    if (sum.every((v) => v === 0)) sum.set(before.data.subarray(c * dim, (c + 1) * dim));
  }
  return unitRows({ ...before, data: Float32Array.from(sums) });
}
