import { basename, dirname } from 'node:path';
import { moments, type Moments, type Rows, sparseMoments } from '@diptych/alignment';
import { EmbeddingError, type FeatureBatch, type LinearAlgebra, type SparseRows } from '@diptych/core';
import { type NpyRows, openNpy } from '@diptych/datasets';
import { directory } from '@diptych/datasets/node';
import { sparseTfIdf, tfIdf, wordWeights } from '@diptych/preprocessing';
import { type EmbeddingSpace, open } from 'diptych';
import { captionData } from '../evaluation/caption-data.ts';
import { type CaptionSplit, captionSplit } from '../training/caption-split.ts';
import { storedFeatures } from '../training/stored-features.ts';
import type { AlignConfig, ViewConfig } from './align-config.ts';

/** Pairs of rows of two views, some at a time. */
export interface PairSource extends Disposable {
  /** Pairs to learn from. */
  readonly pairs: number;
  /** What CCA needs to know of some of them. */
  readonly moments: (begin: number, end: number) => Promise<Moments>;
  /** What the result is judged on, all in memory. */
  readonly test?: () => Promise<{ readonly x: Rows; readonly y: Rows; readonly imageOf: ArrayLike<number> }>;
  /** Words of a bag, in the order of its columns. */
  readonly words?: readonly string[];
}

export interface PairOptions {
  /** What moments are computed by; plain JavaScript where there is none. */
  readonly algebra: LinearAlgebra | undefined;
  readonly signal: AbortSignal;
}

export async function pairSource(config: AlignConfig, options: PairOptions): Promise<PairSource> {
  return config.data ? captionedSource(config, config.data, options) : fileSource(config, options);
}

type FileView = Extract<ViewConfig, { kind: 'features' }>;

async function fileSource({ x, y, holdOut }: AlignConfig, { algebra, signal }: PairOptions): Promise<PairSource> {
  const [a, b] = await Promise.all([x, y].map(async (view) => openRows((view as FileView).rows, signal)));
  const [n, other] = [a!.shape[0], b!.shape[0]];
  if (n !== other)
    throw new EmbeddingError('SHAPE_MISMATCH', `align: expected as many rows of x as of y, got ${n} and ${other}`);
  if (holdOut >= n)
    throw new EmbeddingError('CONFIG_INVALID', `align: holdOut: expected less than all ${n} rows, got ${holdOut}`);
  const read = async (begin: number, end: number) =>
    [await rowsOf(a!, [begin, end], signal), await rowsOf(b!, [begin, end], signal)] as const;
  const test = async () => {
    const [left, right] = await read(n - holdOut, n);
    return { x: left, y: right, imageOf: Int32Array.from({ length: holdOut }, (_, i) => i) };
  };
  const momentsOf = async (begin: number, end: number) => moments(...(await read(begin, end)), { algebra, signal });
  return { pairs: n - holdOut, moments: momentsOf, ...(holdOut > 0 && { test }), [Symbol.dispose]: () => {} };
}

async function openRows(path: string, signal: AbortSignal): Promise<NpyRows> {
  return openNpy(directory(dirname(path)), basename(path), signal);
}

async function rowsOf(file: NpyRows, [begin, end]: readonly [number, number], signal: AbortSignal): Promise<Rows> {
  return { data: await file.read(begin, end, signal), shape: [end - begin, file.shape[1]] };
}

async function captionedSource(
  config: AlignConfig,
  { captions, images, train, test }: NonNullable<AlignConfig['data']>,
  { algebra, signal }: PairOptions,
): Promise<PairSource> {
  const checkImages = config.x.kind === 'model';
  const read = async (split: string) =>
    captionSplit(await captionData(captions, { images, split, signal, checkImages }));
  const learned = await read(train);
  const judged = test === undefined ? undefined : await read(test);
  const spaces = await openSpaces(config, signal);
  const dispose = () => spaces.forEach((space) => space[Symbol.dispose]());
  try {
    const [imagesOf, textsOf] = [
      await imageRows(config.x, spaces, signal),
      textRows(config.y, spaces, learned, signal),
    ];
    const all = await imagesOf(learned);
    return {
      pairs: learned.captions.length,
      moments: async (begin, end) => {
        const texts = learned.captions.slice(begin, end);
        const owners = learned.imageOf.subarray(begin, end);
        if (!textsOf.bags) return moments(pick(all, owners), await textsOf.rows(texts), { algebra, signal });
        // Captions come image by image, and most words are in few of them.
        const [first, last] = [owners[0]!, owners.at(-1)!];
        const rowOf = owners.map((image) => image - first);
        return sparseMoments(between(all, first, last + 1), textsOf.bags(texts), { rowOf, algebra, signal });
      },
      ...(judged && {
        test: async () => ({
          x: await imagesOf(judged),
          y: await textsOf.rows(judged.captions),
          imageOf: judged.imageOf,
        }),
      }),
      words: textsOf.words,
      [Symbol.dispose]: dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The models that are needed, each once. */
async function openSpaces({ x, y }: AlignConfig, signal: AbortSignal): Promise<ReadonlyMap<string, EmbeddingSpace>> {
  const folders = new Set([x, y].flatMap((view) => (view.kind === 'model' ? [view.model] : [])));
  const spaces = new Map<string, EmbeddingSpace>();
  for (const folder of folders) spaces.set(folder, await open(folder, { signal }));
  return spaces;
}

type Spaces = ReadonlyMap<string, EmbeddingSpace>;

async function imageRows(
  view: ViewConfig,
  spaces: Spaces,
  signal: AbortSignal,
): Promise<(split: CaptionSplit) => Promise<Rows>> {
  if (view.kind === 'features') {
    const features = await storedFeatures(view.rows, view.order!, signal);
    return async ({ samples }) => asRows(features.of(samples.map(({ id }) => id)));
  }
  const space = spaces.get((view as Extract<ViewConfig, { kind: 'model' }>).model)!;
  return async ({ samples }) => {
    const images = (async function* () {
      for (const { image } of samples) yield await image(signal);
    })();
    return space.embed('image', images, { normalize: false, signal });
  };
}

interface TextRows {
  readonly rows: (texts: readonly string[]) => Promise<Rows>;
  /** The same of bags of words, without zeros. */
  readonly bags?: (texts: readonly string[]) => SparseRows;
  readonly words?: readonly string[];
}

function textRows(view: ViewConfig, spaces: Spaces, { captions }: CaptionSplit, signal: AbortSignal): TextRows {
  if (view.kind === 'tfidf') {
    const weights = wordWeights(captions, view);
    const dense = tfIdf(weights);
    return { rows: async (texts) => asRows(dense(texts)), bags: sparseTfIdf(weights), words: weights.words };
  }
  const space = spaces.get((view as Extract<ViewConfig, { kind: 'model' }>).model)!;
  return { rows: async (texts) => space.embed('text', texts, { normalize: false, signal }) };
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
