import type { Floor } from '../insight/cut-off.ts';
import type { Photo } from './photo.ts';
import type { Scorer } from './scorer.ts';

/** A word of the user's, and the photos that it is said of. */
export interface Tagged {
  readonly word: string;
  readonly photos: readonly { readonly photo: Photo; readonly score: number }[];
}

/** Photos that stand out for a word, the nearest first. A photo may have any number of words, or none. */
export async function tagged(word: string, row: Float32Array, floor: Floor, scorer: Scorer): Promise<Tagged> {
  const { photos, scores, fits } = await scorer.rank(row, floor);
  return { word, photos: photos.slice(0, fits).map((photo, i) => ({ photo, score: scores[i]! })) };
}
