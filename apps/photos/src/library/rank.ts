import type { Photo, Rows } from './photo.ts';

/** Photos by their nearness to a query. */
export interface Ranking {
  /** The nearest first. */
  readonly photos: readonly Photo[];
  /** Cosines in the same order. */
  readonly scores: Float32Array;
}

/** All rows against one, `[dim]` of unit length: exact. */
export function rank({ photos, rows }: Rows, query: Float32Array): Ranking {
  const scores = cosines(rows, query);
  const order = Uint32Array.from(photos, (_, i) => i).toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  return { photos: Array.from(order, (i) => photos[i]!), scores: Float32Array.from(order, (i) => scores[i]!) };
}

/** `[n]` cosines of rows of unit length with one. */
export function cosines({ data, shape: [n, dim] }: Rows['rows'], query: Float32Array): Float32Array {
  const scores = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0, at = i * dim; j < dim; j++) sum += data[at + j]! * query[j]!;
    scores[i] = sum;
  }
  return scores;
}
