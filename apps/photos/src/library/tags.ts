import { cutOff, type Floor } from '../insight/cut-off.ts';
import type { Photo, Rows } from './photo.ts';
import { cosines } from './rank.ts';

/** A word of the user's, and the photos that it is said of. */
export interface Tagged {
  readonly word: string;
  readonly photos: readonly { readonly photo: Photo; readonly score: number }[];
}

/** Photos that stand out for a word, the nearest first. A photo may have any number of words, or none. */
export function tagged(word: string, row: Float32Array, { photos, rows }: Rows, floor: Floor): Tagged {
  const scores = cosines(rows, row);
  const least = scores.length > 0 ? cutOff(scores, floor) : 0;
  const found = photos.flatMap((photo, i) => (scores[i]! >= least ? [{ photo, score: scores[i]! }] : []));
  return { word, photos: found.toSorted((a, b) => b.score - a.score) };
}
