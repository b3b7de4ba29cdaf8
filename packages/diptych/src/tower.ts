import {
  type Batch,
  EmbeddingError,
  type Encoder,
  expectItems,
  expectMembers,
  expectTexts,
  type ImageBatch,
  type Preprocessor,
  quote,
  type TextBatch,
  usable,
} from '@diptych/core';
import {
  type DecodeOptions,
  type Image,
  type ImageInput,
  isImageInput,
  joinImages,
  type Rgb,
} from '@diptych/preprocessing/image';
import { engine, getBackend, setBackend, type Tensor2D } from '@tensorflow/tfjs-core';
import { isFar, loadImage } from '#platform';
import { type Prompts, promptText } from './prompts.ts';

/** What `embed` was told of the items. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Goes before every text; see `EmbedOptions`. */
  readonly prompt?: string | undefined;
  /** How images are decoded. */
  readonly decode?: Omit<DecodeOptions, 'signal' | 'onRead'> | undefined;
  /**
   * To be called once what is left of the reading happens beside our thread, as decoding does, or will take its time, as a
   * network does: the batch before it is computed then. Default when `read` has ended.
   */
  readonly onBegun?: (() => void) | undefined;
}

/**
 * One modality's way into the space: items are read, what was read becomes a batch, and a batch becomes rows. What is read
 * of an item, and what a batch is, is the tower's own affair.
 */
export interface Tower<Item = unknown, Raw = unknown, B extends Batch = Batch> {
  readonly encoder: Encoder<B>;
  /** Whether a value is one item, so that it needs no list around it. Default: a text or an array of numbers is. */
  isItem?(value: unknown): boolean;
  /** Refuses options that it does not obey, before the first item. Default: takes none but the signal. */
  check?(options: ReadOptions): void;
  /**
   * An item as `preprocess` takes it, while other batches are computed; it says `EmbeddingError` of one that cannot be used.
   * Default the item itself.
   */
  read?(item: Item, options: ReadOptions): Raw | Promise<Raw>;
  /** One batch, in order. Rejects with `signal.reason` when aborted. */
  preprocess(raws: readonly Raw[], signal?: AbortSignal, options?: Pick<ReadOptions, 'prompt'>): B | Promise<B>;
}

/** Towers by the names of their modalities, of what each of these takes. */
export type Towers<Items> = { readonly [M in keyof Items]?: Tower<Items[M]> | undefined };

export interface ImageTowerParts {
  readonly encoder: Encoder<ImageBatch>;
  /** Decoded images to one batch. */
  readonly preprocess: Preprocessor<Image, ImageBatch>;
  /** Blended under transparent pixels where the caller names no colour. Default none: alpha is kept for `preprocess`. */
  readonly background?: Rgb;
}

/** A tower of images in files, at addresses or in memory. Each is preprocessed as soon as it is decoded. */
export function imageTower(parts: ImageTowerParts): Tower<ImageInput, ImageBatch, ImageBatch> {
  expectMembers(parts, 'imageTower', 'encoder', 'preprocess');
  return { encoder: parts.encoder, ...imageReading(parts), preprocess: (images) => joinImages(images) };
}

/** What a tower of images does before its batches. */
export function imageReading({
  preprocess,
  background,
}: Omit<ImageTowerParts, 'encoder'>): Required<Pick<Tower<ImageInput, ImageBatch>, 'isItem' | 'check' | 'read'>> {
  return {
    isItem: isImageInput,
    check: (options) => refuseOptions(options, ['prompt'], 'images'),
    read(image, { decode, signal, onBegun }) {
      if (isFar(image)) onBegun?.();
      const own = { background: decode?.background ?? background, signal, ...(onBegun && { onRead: onBegun }) };
      return loadImage(image, preprocess, { ...decode, ...own });
    },
  };
}

export interface TextTowerParts {
  readonly encoder: Encoder<TextBatch>;
  readonly preprocess: Preprocessor<string, TextBatch>;
  /** Those that the model's files name. Default none. */
  readonly prompts?: Prompts | undefined;
}

/** A tower of texts, with a prompt before each where one is asked for. What is no string never comes to `preprocess`. */
export function textTower(parts: TextTowerParts): Tower<string, string, TextBatch> {
  expectMembers(parts, 'textTower', 'encoder', 'preprocess');
  const { encoder, preprocess, prompts = {} } = parts;
  return {
    encoder,
    isItem: (value) => typeof value === 'string',
    check(options) {
      refuseOptions(options, ['decode'], 'texts');
      promptText(prompts, options.prompt);
    },
    async preprocess(texts, signal, { prompt: asked } = {}) {
      expectTexts(texts, 'texts');
      const prompt = promptText(prompts, asked);
      if (prompt === '') return preprocess(texts, signal);
      const batch = await preprocess(
        texts.map((text) => prompt + text),
        signal,
      );
      if (prompts.pooled ?? true) return batch;
      const alone = await preprocess([prompt], signal);
      // As sentence-transformers counts: the prompt's row without the token that ends it.
      return withoutFirst(batch, alone.mask.reduce((sum, one) => sum + one, 0) - 1);
    },
  };
}

/** A batch whose first tokens do not count when a text becomes one vector. */
function withoutFirst(batch: TextBatch, count: number): TextBatch {
  const length = batch.shape[1];
  return { ...batch, pooled: batch.mask.map((one, i) => (i % length < count ? 0 : one)) };
}

/** @throws {EmbeddingError} `INPUT_INVALID` for an option that the items of a modality do not take. */
export function refuseOptions(options: ReadOptions, names: readonly ('prompt' | 'decode')[], items: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: given,
    expected: `none for ${items}`,
    got: quote(options[given]),
  });
}

/** The items, or the one that stands for a list of it. */
export function listOf(
  tower: Pick<Tower, 'isItem'>,
  items: unknown,
  where = 'embed',
): Iterable<unknown> | AsyncIterable<unknown> {
  const isItem = tower.isItem?.(items) ?? (typeof items === 'string' || items instanceof Float32Array);
  if (isItem) return [items];
  expectItems(items, where);
  return items as Iterable<unknown>;
}

/** Told of each item that cannot be read, with its place. */
export type OnSkip = (problem: EmbeddingError, index: number) => void;

/** A batch of items that are being read, all at once. */
export interface Reading {
  /** Of each item, in order; the items themselves where the tower reads nothing. */
  readonly reads: readonly unknown[];
  /** Resolves when what is left of it happens beside our thread. */
  readonly begun: Promise<unknown>;
}

export function beginReading(tower: Tower, items: readonly unknown[], options: ReadOptions): Reading {
  if (!tower.read) return { reads: items, begun: Promise.resolve() };
  const begun: Promise<unknown>[] = [];
  const reads = items.map((item) => {
    let begin = () => {};
    const has = new Promise<void>((resolve) => (begin = resolve));
    const read = (async () => tower.read!(item, { ...options, onBegun: begin }))();
    begun.push(Promise.race([has, read.catch(() => {})]));
    return read;
  });
  return { reads, begun: Promise.all(begun) };
}

/** What was read, in order, without what cannot be used where someone wants to hear of it. */
export async function usableReads(reads: readonly unknown[], onSkip?: OnSkip): Promise<readonly unknown[]> {
  if (!onSkip) return Promise.all(reads);
  const kept: unknown[] = [];
  for (const [i, read] of reads.entries()) {
    kept.push(...(await usable(Promise.resolve(read), (problem) => onSkip(problem, i))));
  }
  return kept;
}

/**
 * Rows of a batch, `[n, dim]`, on a backend: at once where they fit into memory, otherwise of one half and then of the other.
 *
 * @throws {EmbeddingError} `OUT_OF_MEMORY` when one item alone does not fit.
 */
export async function forwardInParts<B extends Batch>(
  forward: (batch: B) => Tensor2D,
  batch: B,
  backend: string,
): Promise<Float32Array> {
  const [n] = batch.shape;
  let rows: Tensor2D;
  try {
    rows = onBackend(backend, () => forward(batch));
  } catch (error) {
    if (!(error instanceof EmbeddingError && error.code === 'OUT_OF_MEMORY') || n < 2) throw error;
    const half = n >> 1;
    const [first, second] = [part(batch, 0, half), part(batch, half, n)];
    return joined(await forwardInParts(forward, first, backend), await forwardInParts(forward, second, backend));
  }
  try {
    return (await rows.data<'float32'>()).slice();
  } finally {
    rows.dispose();
  }
}

/**
 * Runs `task`, which is synchronous, on a backend that runs already, and then leaves the current one as it was: models that
 * were opened on different backends compute each on its own. One that was removed since is not started again.
 */
function onBackend<T>(name: string, task: () => T): T {
  const current = getBackend();
  if (name === current || !engine().registry[name]) return task();
  void setBackend(name); // At once, as it runs.
  try {
    return task();
  } finally {
    void setBackend(current);
  }
}

/** Items `begin` to `end`. */
function part<B extends Batch>(batch: B, begin: number, end: number): B {
  const [n, ...rest] = batch.shape;
  const entries = Object.entries(batch).map(([name, value]: [string, unknown]) => {
    if (!ArrayBuffer.isView(value) || value instanceof DataView) return [name, value];
    const values = value as Float32Array;
    const each = values.length / n;
    return [name, values.subarray(begin * each, end * each)];
  });
  return { ...batch, ...Object.fromEntries(entries), shape: [end - begin, ...rest] };
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const all = new Float32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
