import { expectMembers, turn } from '@diptych/core';
import { bootstrap, type Interval } from '../statistics/bootstrap.ts';
import { captionRanks, type CaptionRanks } from '../retrieval/caption-ranks.ts';
import { captionMetrics, captionRetrieval, evenly } from '../retrieval/caption-retrieval.ts';
import { concatenateRows } from '../concatenate.ts';
import { alignment, uniformity } from '../diagnostics/alignment-uniformity.ts';
import { hubness } from '../diagnostics/hubness.ts';
import { modalityGap } from '../diagnostics/modality-gap.ts';
import { pca } from '../diagnostics/pca.ts';
import { spectrum } from '../diagnostics/spectrum.ts';
import { cosineScores, dotScores } from '../embedding-scores.ts';
import { mean, type Metrics } from '../metrics.ts';
import type { Matrix, Rows } from '../rows.ts';
import type { Scores } from '../scores.ts';
import { histogram, type Histogram } from './histogram.ts';
import { pairedSample, type PairedSample } from './paired-sample.ts';

export interface SpaceReportOptions {
  /** Heading. Default: the model of the embeddings. */
  readonly title?: string;
  /** Index of each caption's image. Default: as many captions per image, in the order of the images. */
  readonly imageOf?: ArrayLike<number>;
  /** As in `captionRetrieval`. Intervals and curves are over all images all the same. Default 1. */
  readonly folds?: number;
  /** Of the intervals. Default 0. */
  readonly seed?: number;
  /** Images whose first captions the diagnostics look at, evenly over all. Default 1000. */
  readonly sample?: number;
  /** Of every image with every caption, which the ranks go by. Default `cosineScores`. */
  readonly scores?: (images: Rows, captions: Rows) => Scores;
  /** Rows to `[n, 2]`, the images' before the captions'. Default: principal components. */
  readonly map?: (rows: Matrix, signal?: AbortSignal) => Matrix | Promise<Matrix>;
  readonly signal?: AbortSignal;
}

/** What can be said of a space by images and their captions; plain JSON. */
export interface SpaceReport {
  readonly title: string;
  readonly images: number;
  readonly captions: number;
  readonly folds: number;
  readonly seed: number;
  readonly metrics: Metrics;
  /** Bootstrapped 95 % intervals of the recalls, over queries. */
  readonly intervals: Readonly<Record<string, Interval>>;
  /** Recall at 1, 2, … */
  readonly curves: Readonly<Record<'image_retrieval' | 'text_retrieval', readonly number[]>>;
  /** Pairs that the rest is computed from. */
  readonly sample: number;
  readonly diagnostics: Metrics;
  /** Cosines of the sample's pairs and of everything else. */
  readonly similarities: Histogram;
  /** For each sampled image, among how many captions' ten best it is. */
  readonly occurrence: readonly number[];
  /** Points of the map. */
  readonly map: Readonly<Record<'images' | 'captions', readonly (readonly [x: number, y: number])[]>>;
}

/**
 * Retrieval metrics with intervals, diagnostics and a map of a space. The event loop turns between them; rejects with
 * the reason of its signal.
 *
 * @param images `[n, dim]`.
 * @param captions `[m, dim]`, of the same model.
 * @throws {EmbeddingError} As `captionRetrieval`; `INPUT_INVALID` where there are fewer than two images.
 */
export async function evaluateSpace(
  images: Rows,
  captions: Rows,
  options: SpaceReportOptions = {},
): Promise<SpaceReport> {
  expectMembers(options, 'evaluateSpace: options');
  const { folds = 1, seed = 0, signal } = options;
  const scores = (options.scores ?? cosineScores)(images, captions);
  const imageOf = options.imageOf ?? evenly(scores.shape);
  const ranks = await captionRanks(scores, imageOf, { signal });
  const metrics = folds === 1 ? captionMetrics(ranks) : await captionRetrieval(scores, { imageOf, folds, signal });
  await turn(signal);
  const intervals = await intervalsOf(ranks, seed, signal);
  const pairs = pairedSample(images, captions, imageOf, options.sample ?? 1000);
  const diagnosed = await diagnose(pairs, signal);
  return {
    title: options.title ?? ('model' in images ? images.model : 'Embedding space'),
    images: scores.shape[0],
    captions: scores.shape[1],
    folds,
    seed,
    metrics,
    intervals,
    curves: { image_retrieval: curve(ranks.imageRetrieval), text_retrieval: curve(ranks.textRetrieval) },
    sample: pairs.images.shape[0],
    ...diagnosed,
    map: await mapOf(pairs, options.map ?? ((rows) => pca(rows).coordinates), signal),
  };
}

async function intervalsOf(
  { imageRetrieval, textRetrieval }: CaptionRanks,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Record<string, Interval>> {
  const found: Record<string, Interval> = {};
  for (const [name, ranks] of Object.entries({ image_retrieval: imageRetrieval, text_retrieval: textRetrieval })) {
    for (const k of [1, 5, 10]) {
      await turn(signal);
      found[`${name}_recall@${k}`] = bootstrap(within(ranks, k), { seed });
    }
  }
  return found;
}

function curve(ranks: Float64Array): number[] {
  return Array.from({ length: 50 }, (_, i) => mean(within(ranks, i + 1)));
}

function within(ranks: Float64Array, k: number): Float64Array {
  return ranks.map((rank) => (rank < k ? 1 : 0));
}

async function diagnose(
  { images, captions }: PairedSample,
  signal: AbortSignal | undefined,
): Promise<Pick<SpaceReport, 'diagnostics' | 'similarities' | 'occurrence'>> {
  const n = images.shape[0];
  const { distance, cosine } = modalityGap(images, captions);
  const scores = dotScores(captions, images);
  const { occurrence, skewness, antihubs } = hubness(scores, Math.min(10, n));
  await turn(signal);
  const cosines = scores.block([0, n], [0, n]);
  const diagnostics: Record<string, number> = { modality_gap: distance, modality_cosine: cosine };
  const measures = {
    alignment: () => alignment(images, captions),
    image_uniformity: () => uniformity(images),
    text_uniformity: () => uniformity(captions),
    image_effective_rank: () => spectrum(images).effectiveRank,
    text_effective_rank: () => spectrum(captions).effectiveRank,
  };
  for (const [name, measure] of Object.entries(measures)) {
    await turn(signal);
    diagnostics[name] = measure();
  }
  await turn(signal);
  Object.assign(diagnostics, { 'hubness_skewness@10': skewness, 'antihubs@10': antihubs });
  const groups = {
    pairs: cosines.filter((_, i) => i % (n + 1) === 0),
    others: cosines.filter((_, i) => i % (n + 1) > 0),
  };
  return { diagnostics, similarities: histogram(groups, 40), occurrence: [...occurrence] };
}

async function mapOf(
  { images, captions }: PairedSample,
  map: NonNullable<SpaceReportOptions['map']>,
  signal: AbortSignal | undefined,
): Promise<SpaceReport['map']> {
  const { data } = await map(concatenateRows(images, captions), signal);
  const point = (row: number) => [data[2 * row]!, data[2 * row + 1]!] as const;
  const n = images.shape[0];
  return {
    images: Array.from({ length: n }, (_, i) => point(i)),
    captions: Array.from({ length: n }, (_, i) => point(n + i)),
  };
}
