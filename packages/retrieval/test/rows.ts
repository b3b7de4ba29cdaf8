import { type Embeddings, seededRandom } from '@diptych/core';

/** Normal, Box and Muller. */
function normal(seed: number): () => number {
  const next = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

export function rows(dim: number, values: ArrayLike<number>, model = 'm'): Embeddings {
  return { precision: 'float32', data: Float32Array.from(values), shape: [values.length / dim, dim], model };
}

export function randomRows(n: number, dim: number, seed: number): Embeddings {
  const next = normal(seed);
  return rows(dim, Float32Array.from({ length: n * dim }, next));
}

/** Rows around `centres` directions, `spread` away from them per component; row `i` belongs to `i % centres`. */
export function clusteredRows(n: number, dim: number, { centres = 20, spread = 0.5, seed = 1 } = {}): Embeddings {
  const next = normal(seed);
  const middle = randomRows(centres, dim, 1000).data;
  const component = (i: number) => middle[(Math.floor(i / dim) % centres) * dim + (i % dim)]! + spread * next();
  return rows(
    dim,
    Float32Array.from({ length: n * dim }, (_, i) => component(i)),
  );
}
