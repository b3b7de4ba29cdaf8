import { moments, type Rows, sparseMoments } from '@diptych/alignment';
import { expectList, expectMembers, type FeatureBatch, type LinearAlgebra, type SparseRows } from '@diptych/core';
import { sparseTfIdf, tfIdf, type WordWeights, type WordWeightsOptions, wordWeights } from '@diptych/preprocessing';
import { imagesOf } from '../backbone-features.ts';
import type { CaptionSplit } from '../caption-split.ts';
import type { Embedder } from '../embedder.ts';
import type { NamedRows } from '../named-rows.ts';
import { requireWords } from '../require-words.ts';
import type { PairSource } from './pair-source.ts';

/** What gives rows of images: features by their names, or a model. */
export type ImageView = { readonly features: NamedRows } | { readonly model: Embedder };
/** What gives rows of captions: words that are counted, or a model. */
export type TextView = { readonly tfidf: WordWeightsOptions } | { readonly model: Embedder };

export interface CaptionedPairsOptions {
  /** Captions to learn from. */
  readonly train: CaptionSplit;
  readonly test?: CaptionSplit | undefined;
  /** What moments are computed by; plain JavaScript where there is none. */
  readonly algebra?: LinearAlgebra | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Images with their captions, each caption a pair. Models are the caller's, to be disposed of after the pairs. */
export async function captionedPairs(
  views: readonly [images: ImageView, texts: TextView],
  options: CaptionedPairsOptions,
): Promise<PairSource> {
  expectList(views, 'captionedPairs: views');
  const [images, texts] = views;
  const { train, test, algebra, signal } = expectMembers(options, 'captionedPairs: options', 'train');
  const imageRows = async (split: CaptionSplit) => rowsOfImages(images, split, signal);
  const textsOf = rowsOfTexts(texts, train, signal);
  const all = await imageRows(train);
  return {
    pairs: train.captions.length,
    moments: async (begin, end) => {
      const captions = train.captions.slice(begin, end);
      const owners = train.imageOf.subarray(begin, end);
      if (!textsOf.bags) return moments(pick(all, owners), await textsOf.rows(captions), { algebra, signal });
      // Captions come image by image, and most words are in few of them.
      const [first, last] = [owners[0]!, owners.at(-1)!];
      const rowOf = owners.map((image) => image - first);
      return sparseMoments(between(all, first, last + 1), textsOf.bags(captions), { rowOf, algebra, signal });
    },
    ...(test && {
      test: async () => ({ x: await imageRows(test), y: await textsOf.rows(test.captions), imageOf: test.imageOf }),
    }),
    words: textsOf.words,
  };
}

async function rowsOfImages(view: ImageView, { samples }: CaptionSplit, signal?: AbortSignal): Promise<Rows> {
  if ('features' in view) return asRows(view.features.of(samples.map(({ id }) => id)));
  return view.model.embed('image', imagesOf(samples, signal), { normalize: false, signal });
}

interface TextRows {
  readonly rows: (texts: readonly string[]) => Promise<Rows>;
  /** The same of bags of words, without zeros. */
  readonly bags?: (texts: readonly string[]) => SparseRows;
  readonly words?: WordWeights;
}

function rowsOfTexts(view: TextView, { captions }: CaptionSplit, signal?: AbortSignal): TextRows {
  if ('model' in view) {
    return { rows: async (texts) => view.model.embed('text', texts, { normalize: false, signal }) };
  }
  const weights = wordWeights(captions, view.tfidf);
  requireWords(weights.words.length, view.tfidf.minCount);
  const dense = tfIdf(weights);
  return { rows: async (texts) => asRows(dense(texts)), bags: sparseTfIdf(weights), words: weights };
}

function asRows({ values, shape }: FeatureBatch): Rows {
  return { data: values, shape };
}

function between({ data, shape: [, width] }: Rows, begin: number, end: number): Rows {
  return { data: data.subarray(begin * width, end * width), shape: [end - begin, width] };
}

/** Rows by number. */
function pick({ data, shape: [, width] }: Rows, numbers: Int32Array): Rows {
  const out = new Float32Array(numbers.length * width);
  numbers.forEach((row, i) => out.set(data.subarray(row * width, (row + 1) * width), i * width));
  return { data: out, shape: [numbers.length, width] };
}
