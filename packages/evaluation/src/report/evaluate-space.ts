import { expectMembers, inTurns, type Steps } from '@diptych/core';
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
import { eachRow, type Scores } from '../scores.ts';
import type { SignalOption } from '../signal-option.ts';
import { histogram, type Histogram } from './histogram.ts';
import { pairedSample, type PairedSample } from './paired-sample.ts';

export interface SpaceReportOptions extends SignalOption {
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
    map: await mapOf(pairs, options.map ?? (async (rows) => (await pca(rows, { signal })).coordinates), signal),
  };
}

async function intervalsOf(
  { imageRetrieval, textRetrieval }: CaptionRanks,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Record<string, Interval>> {
  const found: Record<string, Interval> = {};
  for (const [name, ranks] of Object.entries({ image_retrieval: imageRetrieval, text_retrieval: textRetrieval })) {
    for (const k of [1, 5, 10]) found[`${name}_recall@${k}`] = await bootstrap(within(ranks, k), { seed, signal });
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
  const { occurrence, skewness, antihubs } = await hubness(scores, Math.min(10, n), { signal });
  const diagnostics = {
    modality_gap: distance,
    modality_cosine: cosine,
    alignment: alignment(images, captions),
    image_uniformity: await uniformity(images, { signal }),
    text_uniformity: await uniformity(captions, { signal }),
    image_effective_rank: (await spectrum(images, { signal })).effectiveRank,
    text_effective_rank: (await spectrum(captions, { signal })).effectiveRank,
    'hubness_skewness@10': skewness,
    'antihubs@10': antihubs,
  };
  return { diagnostics, similarities: await inTurns(similarities(scores), signal), occurrence: [...occurrence] };
}

/** Of pairs, and of everything else. */
function* similarities(scores: Scores): Steps<Histogram> {
  const n = scores.shape[0];
  const [pairs, others] = [new Float64Array(n), new Float64Array(n * (n - 1))];
  yield* eachRow(scores, (row, i) => {
    pairs[i] = row[i]!;
    others.set(row.subarray(0, i), i * (n - 1));
    others.set(row.subarray(i + 1), i * (n - 1) + i);
  });
  return yield* histogram({ pairs, others }, 40);
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
