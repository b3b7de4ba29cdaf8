import type { Embeddings } from '@diptych/core';

export const dim = 512;
export const k = 10;
export const config = { model: 'bench', dim, precision: 'float32', fields: { year: 'number' } } as const;
export const kinds = ['clustered', 'uncentred'] as const;
export type Kind = (typeof kinds)[number];

/** Numbers like those of a normal distribution, the same in every run. */
export function noise(seed: number): () => number {
  let state = seed;
  const uniform = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return () => uniform() + uniform() + uniform() + uniform() - 2;
}

const centres = Float32Array.from({ length: 500 * dim }, noise(1));
const mean = centres.subarray(0, dim).map((value) => 1.8 * value);

/**
 * Rows of length 1 around the same 500 directions, of noise from a table, which is made once: for many rows at once.
 *
 * @param to Room for `dim` numbers a row.
 */
export function fillUnitRows(to: Float32Array, seed: number): void {
  const next = noise(seed + 2);
  const table = Float32Array.from({ length: 2 ** 20 }, next);
  for (let at = 0, row = seed; at < to.length; at += dim, row++) {
    const [from, offset] = [(row % 500) * dim, Math.floor(Math.abs(next()) * 2 ** 18)];
    let squares = 0;
    for (let i = 0; i < dim; i++) squares += (to[at + i] = centres[from + i]! + table[offset + i]!) ** 2;
    const factor = 1 / Math.sqrt(squares);
    for (let i = at; i < at + dim; i++) to[i]! *= factor;
  }
}

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
