import type { Similarity } from '@diptych/core';
import { cosineScores, orderScores, type Rows, type Scores } from '@diptych/evaluation';

/** Scores of images with captions, as the rows of a space are compared. */
export const scoresBy: Readonly<Record<Similarity, (images: Rows, captions: Rows) => Scores>> = {
  cosine: cosineScores,
  order: orderScores,
};
