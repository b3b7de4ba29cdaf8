import { captionRanks, type CaptionRanks, cosineScores, type Rows } from '@diptych/evaluation';
import { imageOfCaption, type Part } from './part.ts';

/** Ranks, from 0, of every query of both directions: photos for captions and captions for photos, by cosine. */
export async function ranksOf([images, captions]: readonly [Rows, Rows], part: Part): Promise<CaptionRanks> {
  return captionRanks(cosineScores(images, captions), imageOfCaption(part));
}
