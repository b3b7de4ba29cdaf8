import {
  columnMeans,
  EmbeddingError,
  expectMembers,
  inTurns,
  reciprocalRankFusion,
  type Steps,
  subtractRow,
} from '@diptych/core';
import { concatenateRows } from '../concatenate.ts';
import { cosineScores } from '../embedding-scores.ts';
import { expectDepth } from '../depth.ts';
import { mean } from '../metrics.ts';
import { type PairedTest, pairedTestSteps } from '../statistics/paired-test.ts';
import { type RankedRetrieval, rankedRetrievalSteps } from './ranked-retrieval.ts';
import { rankingOf } from './ranking.ts';
import { gradesOf, type Relevance } from './relevance.ts';
import { expectOneSpace, type FiniteRows, type Rows } from '../rows.ts';
import type { SignalOption } from '../signal-option.ts';
import { topKSteps } from '../top-k.ts';
import { unitRows } from '../unit-rows.ts';

/** A corpus of texts and images, embedded by one model, with the relevant documents of each query. */
export interface MixedCorpus {
  readonly queries: Rows;
  readonly texts: Rows;
  readonly images: Rows;
  /** What stands for each image in the arm `summary`: a text about it, embedded as the other texts are. */
  readonly summaries: Rows;
  /** Relevant texts of each query, by index; may be empty where an image is relevant. */
  readonly relevantTexts: readonly (readonly number[])[];
  /** Relevant images of each query, by index; may be empty where a text is relevant. */
  readonly relevantImages: readonly (readonly number[])[];
}

/**
 * How images are found. `summary`: their summaries lie in one index with the texts. `direct`: their own embeddings do.
 * `merged`: texts and images are ranked apart, and the two lists joined by reciprocal rank fusion, of equals the text
 * first. `centred`: as `direct`, after the mean text was taken from texts and queries and the mean image from images.
 */
export type Arm = 'summary' | 'direct' | 'merged' | 'centred';

export interface ArmResult extends RankedRetrieval {
  /** Share of images among the first `k`, over all queries. Near 0 where texts shadow images. */
  readonly imageShare: number;
  /** This arm less `summary`, by metric. */
  readonly againstSummary: Readonly<Record<string, PairedTest>>;
}

export interface MixedModalityOptions extends SignalOption {
  /** Documents that count. Default 5, as in the paper. */
  readonly k?: number;
}

/** Members of a corpus. */
export const parts = ['queries', 'texts', 'images', 'summaries', 'relevantTexts', 'relevantImages'] as const;

/**
 * The two arms of Lumer et al. 2025 (arXiv:2511.16654), summary text against direct image embedding, and two that close
 * the modality gap. One model embeds all, so that the arms differ in what stands for an image and in nothing else.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when the models differ, a query has no relevant document or a value is not
 *   finite; `SHAPE_MISMATCH` when sizes do not fit together.
 */
export async function mixedModality(
  corpus: MixedCorpus,
  options: MixedModalityOptions = {},
): Promise<Readonly<Record<Arm, ArmResult>>> {
  expectMembers(options, 'mixedModality: options');
  return inTurns(mixedModalitySteps(corpus, options.k ?? 5), options.signal);
}

function* mixedModalitySteps(corpus: MixedCorpus, k: number): Steps<Readonly<Record<Arm, ArmResult>>> {
  expectDepth(k, 'mixedModality');
  expectMembers(corpus, 'mixedModality: corpus', ...parts);
  const space = unitSpace(corpus);
  const texts = space.texts.shape[0];
  const grades = gradesOf(relevanceOf(corpus, texts), [space.queries.shape[0], texts + space.images.shape[0]]);
  const results: [Arm, ArmResult][] = [];
  for (const [arm, retrieve] of Object.entries(arms) as [Arm, Retrieve][]) {
    const lists = yield* retrieve(space, k);
    const ranked = yield* rankedRetrievalSteps(
      lists.map((list, query) => rankingOf(list, grades[query]!)),
      k,
    );
    const images = lists.flatMap((list) => list.map((document) => (document >= texts ? 1 : 0)));
    const againstSummary = yield* compare(ranked.perQuery, results[0]?.[1].perQuery ?? ranked.perQuery);
    results.push([arm, { ...ranked, imageShare: mean(images), againstSummary }]);
  }
  return Object.fromEntries(results) as Record<Arm, ArmResult>;
}

type Space = Readonly<Record<'queries' | 'texts' | 'images' | 'summaries', FiniteRows>>;

/** Documents of each query, best first; images are numbered behind the texts. */
type Retrieve = (space: Space, k: number) => Steps<readonly (readonly number[])[]>;

const arms: Readonly<Record<Arm, Retrieve>> = {
  summary: ({ queries, texts, summaries }, k) => search(queries, concatenateRows(texts, summaries), k),
  direct: ({ queries, texts, images }, k) => search(queries, concatenateRows(texts, images), k),
  *merged({ queries, texts, images }, k) {
    const ofImages = yield* search(queries, images, k);
    return (yield* search(queries, texts, k)).map((found, query) => {
      const shifted = ofImages[query]!.map((image) => image + texts.shape[0]);
      return reciprocalRankFusion([found, shifted])
        .slice(0, k)
        .map(({ item }) => item);
    });
  },
  centred({ queries, texts, images }, k) {
    const text = columnMeans(texts);
    const documents = concatenateRows(subtractRow(texts, text), subtractRow(images, columnMeans(images)));
    return search(subtractRow(queries, text), documents, k);
  },
};

function* search(queries: FiniteRows, documents: FiniteRows, k: number): Steps<number[][]> {
  return (yield* topKSteps(cosineScores(queries, documents), k)).map((found) => [...found]);
}

function unitSpace({ queries, texts, images, summaries }: MixedCorpus): Space {
  for (const part of [texts, images, summaries]) expectOneSpace(queries, part, 'mixedModality');
  if (summaries.shape[0] !== images.shape[0]) {
    const got = `${images.shape[0]} and ${summaries.shape[0]}`;
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'mixedModality',
      expected: 'as many summaries as images',
      got,
    });
  }
  return {
    queries: unitRows(queries),
    texts: unitRows(texts),
    images: unitRows(images),
    summaries: unitRows(summaries),
  };
}

function relevanceOf({ relevantTexts, relevantImages }: MixedCorpus, texts: number): Relevance {
  if (relevantTexts.length !== relevantImages.length) {
    const got = `${relevantTexts.length} and ${relevantImages.length}`;
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'relevance',
      expected: 'as many entries for texts as for images',
      got,
    });
  }
  const missing = relevantTexts.flat().find((text) => text >= texts);
  if (missing !== undefined) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'relevantTexts',
      expected: `an index below ${texts}`,
      got: missing,
    });
  }
  return relevantTexts.map((own, query) => [...own, ...relevantImages[query]!.map((image) => image + texts)]);
}

function* compare(
  perQuery: RankedRetrieval['perQuery'],
  summary: RankedRetrieval['perQuery'],
): Steps<Readonly<Record<string, PairedTest>>> {
  const tests: Record<string, PairedTest> = {};
  for (const [metric, values] of Object.entries(perQuery)) {
    tests[metric] = yield* pairedTestSteps(values, summary[metric]!);
  }
  return tests;
}
