import { EmbeddingError, expectList, expectMembers, inTurns, type Steps } from '@diptych/core';
import { ahead, type RankOptions, type Ties } from './first-ranks.ts';
import { blockWidth, expectScores, notANumber, type Scores, viewOf } from '../scores.ts';

/** Ranks from 0 in both directions. */
export interface CaptionRanks {
  /** Per image, the rank of the best of its captions among all captions. */
  readonly textRetrieval: Float64Array;
  /** Per caption, the rank of its image among all images. */
  readonly imageRetrieval: Float64Array;
}

/**
 * Ranks of the protocol of VSE++ (Faghri et al. 2018, arXiv:1707.05612), both directions in one pass over the scores. The
 * event loop turns between blocks of them; rejects with the reason of its signal.
 *
 * @param scores Images by captions.
 * @param imageOf Index of each caption's image.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when `imageOf` has not one entry per caption; `INPUT_INVALID` when it names no
 *   image, an image has no caption, or a score is NaN.
 */
export async function captionRanks(
  scores: Scores,
  imageOf: ArrayLike<number>,
  options: RankOptions = {},
): Promise<CaptionRanks> {
  expectScores(scores);
  expectList(imageOf, 'imageOf');
  expectMembers(options, 'captionRanks: options');
  const { ties = 'stable', signal } = options;
  return inTurns(rankSteps(scores, imageOf, ties), signal);
}

/** A pause before each block of scores. */
function* rankSteps(scores: Scores, imageOf: ArrayLike<number>, ties: Ties): Steps<CaptionRanks> {
  const captionsOf = invert(imageOf, scores.shape);
  const own = ownScores(scores, imageOf);
  const best = captionsOf.map((mine) => mine.reduce((top, j) => (own[j]! > own[top]! ? j : top)));
  const [ofImages, ofCaptions] = [counts(scores.shape[0]), counts(scores.shape[1])];
  const [[images, captions], width] = [scores.shape, blockWidth(scores)];
  for (let top = 0; top < images; top += blockImages) {
    const bottom = Math.min(images, top + blockImages);
    for (let left = 0; left < captions; left += width) {
      yield undefined;
      const right = Math.min(captions, left + width);
      const block = viewOf(scores, [top, bottom], [left, right]);
      for (let image = top; image < bottom; image++) {
        count(block.subarray((image - top) * (right - left)), image, left, right);
      }
    }
  }
  return { textRetrieval: ranksOf(ofImages, ties), imageRetrieval: ranksOf(ofCaptions, ties) };

  /** Most scores are below those of the pairs, and count nowhere. */
  function count(row: Float32Array | Float64Array, image: number, left: number, right: number): void {
    const [bestOwn, bestAt] = [own[best[image]!]!, best[image]!];
    for (let j = left; j < right; j++) {
      const score = row[j - left]!;
      if (score < bestOwn && score < own[j]!) continue;
      if (Number.isNaN(score)) throw notANumber(image, j);
      if (score > own[j]!) ofCaptions.above[j]!++;
      if (score > bestOwn) ofImages.above[image]!++;
      if (image === imageOf[j]) continue;
      if (score === own[j]) addTie(ofCaptions, j, image < imageOf[j]!);
      if (score === bestOwn) addTie(ofImages, image, j < bestAt);
    }
  }
}

/** Computed at once: enough to use what was read well, few enough for the processor's cache. */
const blockImages = 96;

/** For each query, the others with a better score than its own best, with the same, and with the same before it. */
type Counts = Readonly<Record<'above' | 'equal' | 'before', Int32Array>>;

function counts(n: number): Counts {
  return { above: new Int32Array(n), equal: new Int32Array(n), before: new Int32Array(n) };
}

function addTie({ equal, before }: Counts, query: number, isBefore: boolean): void {
  equal[query]!++;
  if (isBefore) before[query]!++;
}

function ranksOf({ above, equal, before }: Counts, ties: Ties): Float64Array {
  return Float64Array.from(above, (n, i) => n + ahead[ties](before[i]!, equal[i]!));
}

/** Of each caption with its image, captions of one image that lie side by side at once. */
function ownScores(scores: Scores, imageOf: ArrayLike<number>): Float64Array {
  const own = new Float64Array(imageOf.length);
  for (let j = 0, end = 0; j < own.length; j = end) {
    const image = imageOf[j]!;
    while (end < own.length && imageOf[end] === image) end++;
    const found = viewOf(scores, [image, image + 1], [j, end]);
    const bad = found.findIndex((score) => Number.isNaN(score));
    if (bad >= 0) throw notANumber(image, j + bad);
    own.set(found, j);
  }
  return own;
}

/** Captions of each image. */
function invert(imageOf: ArrayLike<number>, [images, captions]: Scores['shape']): number[][] {
  if (imageOf.length !== captions) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'imageOf',
      expected: `${captions} entries`,
      got: imageOf.length,
    });
  }
  const captionsOf = Array.from({ length: images }, (): number[] => []);
  for (let j = 0; j < captions; j++) {
    const own = captionsOf[imageOf[j]!];
    if (!own) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'imageOf',
        expected: `an index below ${images} for caption ${j}`,
        got: imageOf[j],
      });
    }
    own.push(j);
  }
  const lonely = captionsOf.findIndex((own) => own.length === 0);
  if (lonely >= 0) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'imageOf',
      expected: `a caption for image ${lonely}`,
      got: 'none',
    });
  }
  return captionsOf;
}
