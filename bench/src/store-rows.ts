import type { Embeddings } from '@diptych/core';

export const dim = 512;
export const k = 10;
export const config = { model: 'bench', dim, precision: 'float32', fields: { year: 'number' } } as const;
export const kinds = ['clustered', 'uncentred'] as const;
export type Kind = (typeof kinds)[number];

/** Numbers like those of a normal distribution, the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

const centres = Float32Array.from({ length: 500 * dim }, noise(1));
const mean = centres.subarray(0, dim).map((value) => 1.8 * value);

/** Around 500 directions, or far from the origin with a mean of 0.87. */
export function rowsOf(kind: Kind, count: number, seed: number): Embeddings {
  const spread = noise(seed + 2);
  const data = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    const from = kind === 'clustered' ? ((row + seed) % 500) * dim : 0;
    const middle = kind === 'clustered' ? centres : mean;
    for (let i = 0; i < dim; i++) data[row * dim + i] = middle[from + i]! + spread();
  }
  return { precision: 'float32', model: 'bench', data, shape: [count, dim] };
}
