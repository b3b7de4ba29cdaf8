import type { Embeddings } from '@diptych/core';
import { dotFloat32 } from '../kernels/dot-float32.ts';

/** `count` rows far from one another: each is drawn with a chance that grows with its distance to those before it. */
export function spreadRows(unit: Embeddings, count: number, random: () => number): Embeddings {
  const [n, dim] = unit.shape;
  const prepare = dotFloat32(unit);
  const distance = new Float64Array(n).fill(1);
  const cosines = new Float64Array(n);
  const data = new Float32Array(count * dim);
  for (let c = 0; c < count; c++) {
    const row = draw(distance, random());
    const centre = data.subarray(c * dim, (c + 1) * dim);
    centre.set(unit.data.subarray(row * dim, (row + 1) * dim));
    prepare({ ...unit, data: centre, shape: [1, dim] })(0, n, cosines);
    cosines.forEach((cosine, i) => (distance[i] = i === row ? 0 : Math.min(distance[i]!, Math.max(0, 1 - cosine))));
  }
  return { ...unit, data, shape: [count, dim] };
}

/** An index with a chance in proportion to its weight; where all weights are 0, any. */
function draw(weights: Float64Array, at: number): number {
  let rest = at * weights.reduce((sum, w) => sum + w, 0);
  const found = weights.findIndex((w) => (rest -= w) < 0);
  return found >= 0 ? found : Math.floor(at * weights.length);
}
