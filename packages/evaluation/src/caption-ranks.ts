import { EmbeddingError } from '@diptych/core';
import { ahead, firstRank, type Ties } from './first-ranks.ts';
import { scoreRows, type Scores } from './scores.ts';

/** Ranks from 0 in both directions. */
export interface CaptionRanks {
  /** Per image, the rank of the best of its captions among all captions. */
  readonly textRetrieval: Float64Array;
  /** Per caption, the rank of its image among all images. */
  readonly imageRetrieval: Float64Array;
}

/**
 * Ranks of the protocol of VSE++ (Faghri et al. 2018, arXiv:1707.05612), both directions in one pass over the scores.
 *
 * @param scores Images by captions.
 * @param imageOf Index of each caption's image.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `imageOf` has not one entry per caption; `INPUT_INVALID` when it names no
 *   image, an image has no caption, or a score is NaN.
 */
export function captionRanks(scores: Scores, imageOf: ArrayLike<number>, ties: Ties = 'stable'): CaptionRanks {
  const [images, captions] = scores.shape;
  const captionsOf = invert(imageOf, scores.shape);
  const own = Float64Array.from({ length: captions }, (_, j) => scoreAt(scores, imageOf[j]!, j));
  const textRetrieval = new Float64Array(images);
  const [above, equal, before] = [new Int32Array(captions), new Int32Array(captions), new Int32Array(captions)];
  let image = 0;
  for (const row of scoreRows(scores)) {
    textRetrieval[image] = firstRank(row, captionsOf[image]!, ties);
    for (let j = 0; j < captions; j++) {
      if (row[j]! > own[j]!) above[j]!++;
      else if (row[j] === own[j] && image !== imageOf[j]) {
        equal[j]!++;
        if (image < imageOf[j]!) before[j]!++;
      }
    }
    image++;
  }
  return { textRetrieval, imageRetrieval: Float64Array.from(above, (n, j) => n + ahead[ties](before[j]!, equal[j]!)) };
}

function scoreAt(scores: Scores, query: number, document: number): number {
  return scores.block([query, query + 1], [document, document + 1])[0]!;
}

/** Captions of each image. */
function invert(imageOf: ArrayLike<number>, [images, captions]: Scores['shape']): number[][] {
  if (imageOf.length !== captions) {
    throw new EmbeddingError('SHAPE_MISMATCH', `imageOf: expected ${captions} entries, got ${imageOf.length}`);
  }
  const captionsOf = Array.from({ length: images }, (): number[] => []);
  for (let j = 0; j < captions; j++) {
    const own = captionsOf[imageOf[j]!];
    if (!own) {
      throw new EmbeddingError(
        'INPUT_INVALID',
        `imageOf: expected an index below ${images} for caption ${j}, got ${imageOf[j]}`,
      );
    }
    own.push(j);
  }
  const lonely = captionsOf.findIndex((own) => own.length === 0);
  if (lonely >= 0) {
    throw new EmbeddingError('INPUT_INVALID', `imageOf: expected a caption for image ${lonely}, got none`);
  }
  return captionsOf;
}
