import { cutOff, type Floor } from '../insight/cut-off.ts';
import type { Photo, Rows } from './photo.ts';

/** Photos by their nearness to a query. */
export interface Ranking {
  /** The nearest first. */
  readonly photos: readonly Photo[];
  /** Cosines in the same order. */
  readonly scores: Float32Array;
  /** How many of them stand out; `undefined` where it is not known what is usual. */
  readonly fits: number | undefined;
}

/** Places of rows, the nearest first, and their cosines. */
export interface Ranked {
  readonly places: Uint32Array;
  readonly scores: Float32Array;
  readonly fits: number | undefined;
}

/** All rows against one, `[dim]` of unit length: exact. */
export function rank(rows: Rows['rows'], query: Float32Array, floor: Floor | undefined): Ranked {
  const scores = cosines(rows, query);
  const places = Uint32Array.from(scores, (_, i) => i).toSorted((a, b) => scores[b]! - scores[a]! || a - b);
  const fits = floor && (scores.length > 0 ? countOf(scores, cutOff(scores, floor)) : 0);
  return { places, scores: Float32Array.from(places, (place) => scores[place]!), fits };
}

function countOf(scores: Float32Array, least: number): number {
  return scores.reduce((count, score) => count + (score >= least ? 1 : 0), 0);
}

/** `[n]` cosines of rows of unit length with one. */
function cosines({ data, shape: [n, dim] }: Rows['rows'], query: Float32Array): Float32Array {
  const scores = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0, at = i * dim; j < dim; j++) sum += data[at + j]! * query[j]!;
    scores[i] = sum;
  }
  return scores;
}
