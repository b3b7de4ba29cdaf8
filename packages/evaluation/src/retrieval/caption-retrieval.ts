import { EmbeddingError, expectList, expectMembers } from '@diptych/core';
import { captionRanks, type CaptionRanks } from './caption-ranks.ts';
import type { RankOptions } from './first-ranks.ts';
import { expectDepth } from '../depth.ts';
import { mean, meanMetrics, type Metrics } from '../metrics.ts';
import { expectScores, type Scores, scoresWithin } from '../scores.ts';

export interface CaptionRetrievalOptions extends RankOptions {
  /** Index of each caption's image. Default: as many captions per image, in the order of the images. */
  readonly imageOf?: ArrayLike<number>;
  /** Cut-offs of recall beside 1, 5 and 10. */
  readonly ks?: readonly number[];
  /** Mean over this many equal parts of the images, in order, each with its own captions; COCO 1K is 5. Default 1. */
  readonly folds?: number;
}

/**
 * Retrieval between images and captions in both directions, by the protocol of VSE++ (arXiv:1707.05612).
 *
 * `image_retrieval_recall@k` is the share of captions whose image is among the `k` best, `text_retrieval_recall@k` the
 * share of images with at least one of their captions among the `k` best, both in `[0, 1]`. Ranks count from 1, and
 * the median of an even number of ranks is rounded down. `rsum` is the sum of the six recalls at 1, 5 and 10 in percent.
 * The event loop turns between blocks of scores; rejects with the reason of its signal.
 *
 * @param scores Images by captions.
 * @throws {EmbeddingError} `SHAPE_MISMATCH` or `INPUT_INVALID` when captions and images do not fit together or into folds,
 *   a cut-off is below 1, or a score is NaN.
 */
export async function captionRetrieval(scores: Scores, options: CaptionRetrievalOptions = {}): Promise<Metrics> {
  expectScores(scores);
  expectMembers(options, 'captionRetrieval: options');
  const { ks = [], folds = 1 } = options;
  const imageOf = options.imageOf ?? evenly(scores.shape);
  if (folds === 1) return captionMetrics(await captionRanks(scores, imageOf, options), ks);
  const size = scores.shape[0] / folds;
  if (!(Number.isInteger(folds) && folds >= 1 && Number.isInteger(size))) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'folds',
      expected: `a divisor of ${scores.shape[0]} images`,
      got: folds,
    });
  }
  const firstOf = (image: number) => countBelow(imageOf, image);
  const runs: Metrics[] = [];
  for (let start = 0; start < scores.shape[0]; start += size) {
    const end = start + size;
    const captions = [firstOf(start), firstOf(end)] as const;
    const part = Array.from({ length: captions[1] - captions[0] }, (_, j) => imageOf[captions[0] + j]! - start);
    const ranks = await captionRanks(scoresWithin(scores, [start, end], captions), part, options);
    runs.push(captionMetrics(ranks, ks));
  }
  return meanMetrics(runs);
}

/** The metrics of `captionRetrieval` from ranks. */
export function captionMetrics(ranks: CaptionRanks, ks: readonly number[] = []): Metrics {
  expectMembers(ranks, 'captionMetrics: ranks', 'imageRetrieval', 'textRetrieval');
  const image = rankMetrics(ranks.imageRetrieval, ks);
  const text = rankMetrics(ranks.textRetrieval, ks);
  const recalls = [image, text].flatMap((metrics) => vsePlusPlus.map((k) => 100 * metrics[`recall@${k}`]!));
  return {
    ...prefixed('image_retrieval', image),
    ...prefixed('text_retrieval', text),
    rsum: recalls.reduce((sum, value) => sum + value),
  };
}

const vsePlusPlus = [1, 5, 10];

/**
 * `recall@k` at 1, 5, 10 and `ks`, `median_rank`, `mean_rank` and `mrr` of ranks from 0.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a cut-off is below 1.
 */
export function rankMetrics(ranks: Float64Array, ks: readonly number[] = []): Metrics {
  expectList(ranks, 'rankMetrics: ranks');
  expectList(ks, 'ks');
  const recalls = [...new Set([...vsePlusPlus, ...ks])].map((k) => {
    expectDepth(k, 'recall');
    return [`recall@${k}`, mean(ranks.map((rank) => (rank < k ? 1 : 0)))] as const;
  });
  return {
    ...Object.fromEntries(recalls),
    median_rank: Math.floor(median(ranks)) + 1,
    mean_rank: mean(ranks) + 1,
    mrr: mean(ranks.map((rank) => 1 / (rank + 1))),
  };
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function prefixed(prefix: string, metrics: Metrics): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [`${prefix}_${name}`, value]));
}

/** As many captions for each image, in the order of the images. */
export function evenly([images, captions]: Scores['shape']): Int32Array {
  const each = captions / images;
  if (!Number.isInteger(each)) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'imageOf',
      expected: `it, where ${captions} captions do not divide by ${images} images`,
      got: 'none',
    });
  }
  return Int32Array.from({ length: captions }, (_, j) => Math.floor(j / each));
}

/** Captions of images before `image`; those of a fold must lie together. */
function countBelow(imageOf: ArrayLike<number>, image: number): number {
  let count = 0;
  for (let j = 0; j < imageOf.length; j++) {
    if (imageOf[j]! >= image) continue;
    if (j !== count)
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'folds',
        expected: 'captions in the order of their images',
        got: 'others',
      });
    count++;
  }
  return count;
}
