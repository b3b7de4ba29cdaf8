import type { BackendInfo } from '@diptych/backend-wasm';
import {
  batches,
  cosineSimilarity,
  EmbeddingError,
  expectItems,
  expectMembers,
  expectPrecision,
  expectTexts,
  type Embeddings,
  type ImageBatch,
  orderSimilarity,
  type Precision,
  type Similarity,
  type TextBatch,
  turn,
  type WeightType,
} from '@diptych/core';
import type { DecodeOptions, ImageInput } from '@diptych/preprocessing/image';
import { loadImage } from '#platform';
import type { Modality, SpaceParts, Tower } from './architecture.ts';
import { forwardInParts } from './forward-in-parts.ts';
import { checkFinite } from './guards.ts';
import { type Ahead, atMost, mapAhead } from './map-ahead.ts';
import { prepareAll, type PreparedOr, type PrepareOptions } from './prepare-images.ts';
import { promptText, withPrompt } from './prompts.ts';
import { weightsOf } from './weights-of.ts';
import { concatRows, inPrecision, normalizeRows, truncateRows } from './rows.ts';
import { labelScores, type LabelOptions, type Prediction, ZeroShotLabels } from './zero-shot.ts';

/** What each modality takes. */
export interface ItemOf {
  text: string;
  /** An image, or what `prepare` made of one. */
  image: PreparedOr<ImageInput>;
}

/** What each modality's preprocessing gives. */
export interface BatchOf {
  text: TextBatch;
  image: ImageBatch;
}

export interface EncodeOptions<P extends Precision = 'float32'> {
  /** Scale every row to length 1. Default true. */
  readonly normalize?: boolean;
  /** Keep only the first components, before normalising. Default what the model's files say, else all. */
  readonly truncateDim?: number;
  /** How components are stored; see `quantize`. Default `float32`. */
  readonly precision?: P;
}

export interface EmbedOptions<P extends Precision = 'float32'> extends EncodeOptions<P> {
  /** Items per forward pass, fewer where memory has no room for them. Default 32. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal;
  /** Called after each batch with the items done so far. */
  readonly onProgress?: (done: number) => void;
  /**
   * Goes before every text: the name of one of the model's prompts, or a text as `'query: '`; `''` for none. Default the
   * one that the model's files name, else none.
   */
  readonly prompt?: string;
  /** How images are decoded. */
  readonly decode?: Omit<DecodeOptions, 'signal' | 'onRead'>;
}

export interface ClassifyOptions
  extends LabelOptions, Pick<EmbedOptions, 'batchSize' | 'signal' | 'onProgress' | 'decode'> {}

interface Preparation<Batch> extends Pick<EmbedOptions, 'signal' | 'decode'> {
  readonly preprocess: Tower<unknown, Batch>['preprocess'];
}

/** What made a space. */
export type SpaceOrigin = Pick<EmbeddingSpace, 'id' | 'architecture' | 'backend'>;

/** Text and images in one vector space. Made by `open`. */
export class EmbeddingSpace implements Disposable {
  /** Names the model; stamped on every row it makes. */
  readonly id: string;
  readonly architecture: string;
  /** Length of an embedding where no `truncateDim` is asked for. */
  readonly dim: number;
  readonly modalities: readonly Modality[];
  /** How its rows were compared in training, and are by `similarity`. */
  readonly similarityFunction: Similarity;
  /** Number of trained values. */
  readonly parameters: number;
  /** Memory that they take. */
  readonly bytes: number;
  /** What linear layers keep their weights as and multiply; that of the file where it has packed weights. */
  readonly dtype: WeightType;
  /** What ran when it was opened: kernels, threads, and why something is missing. */
  readonly backend: BackendInfo;
  readonly #parts: SpaceParts;
  /** Components that the encoders give. */
  readonly #width: number;
  readonly #labels = new ZeroShotLabels();
  #disposed = false;

  /** @throws {EmbeddingError} `SHAPE_MISMATCH` when the towers differ in dimension. */
  constructor({ id, architecture, backend }: SpaceOrigin, parts: SpaceParts) {
    const towers = { text: parts.text, image: parts.image };
    const encoders = Object.values(towers).flatMap((tower) => (tower ? [tower.encoder] : []));
    const [width = 0, other = width] = encoders.map((encoder) => encoder.dim);
    if (width !== other) {
      throw new EmbeddingError('SHAPE_MISMATCH', `${id}: expected towers of one dimension, got ${width} and ${other}`);
    }
    this.id = id;
    this.architecture = architecture;
    this.#width = width;
    this.dim = Math.min(width, parts.truncateDim ?? width);
    this.modalities = (['text', 'image'] as const).filter((modality) => towers[modality]);
    const { size, bytes, dtype } = parts.weights ?? weightsOf(encoders);
    this.similarityFunction = parts.similarity ?? 'cosine';
    this.parameters = size;
    this.bytes = bytes;
    this.dtype = dtype;
    this.backend = backend;
    this.#parts = parts;
  }

  /**
   * One row per item, in order.
   *
   * @param items Texts; or images as path (Node), URL, data URI, Blob, bytes, ImageData or decoded `Image`.
   * @returns `[n, dim]`, comparable with every other row of this space, whatever its modality.
   * @throws {EmbeddingError} `INPUT_INVALID`, `IMAGE_INVALID`, `IMAGE_TOO_LARGE`, `NOT_FOUND` or `NETWORK` for the
   *   first item that cannot be read; `UNSUPPORTED` when the model lacks the modality; `DISPOSED`.
   */
  async embed<M extends Modality, P extends Precision = 'float32'>(
    modality: M,
    items: Iterable<ItemOf[M]> | AsyncIterable<ItemOf[M]>,
    options: EmbedOptions<P> = {},
  ): Promise<Embeddings<P>> {
    expectMembers(options, 'embed: options');
    const { precision = 'float32' as P, ...rest } = options;
    expectPrecision(precision, 'embed: precision');
    const blocks: Embeddings[] = [];
    for await (const block of this.stream(modality, items, rest)) blocks.push(block);
    const none = this.#rows(new Float32Array(0), { ...rest, precision: 'float32' });
    return inPrecision(concatRows(blocks, none), precision);
  }

  /** As `embed`, one block of at most `batchSize` rows at a time, in constant memory. */
  async *stream<M extends Modality, P extends Precision = 'float32'>(
    modality: M,
    items: Iterable<ItemOf[M]> | AsyncIterable<ItemOf[M]>,
    options: EmbedOptions<P> = {},
  ): AsyncGenerator<Embeddings<P>> {
    expectMembers(options, 'embed: options');
    expectPrecision(options.precision ?? 'float32', 'embed: precision');
    const { batchSize = 32, signal, onProgress, decode, prompt } = options;
    if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
      throw new EmbeddingError('INPUT_INVALID', `batchSize: expected a whole number of at least 1, got ${batchSize}`);
    }
    expectItems(items, 'embed');
    const preprocess = this.#preprocessor(modality, prompt);
    let done = 0;
    const prepared = mapAhead(batches(items, batchSize), (batch) =>
      this.#begin(modality, batch, { signal, decode, preprocess }),
    );
    for await (const batch of prepared) {
      await turn(signal);
      const block = await this.encode(modality, batch, options);
      done += block.shape[0];
      yield block;
      onProgress?.(done);
    }
  }

  /**
   * An image as the model reads it, to be embedded later: as small as the model's input, whatever the size of the file.
   *
   * @throws {EmbeddingError} as `embed`, where the image cannot be read.
   */
  async prepare(image: ImageInput, { signal, decode, onRead }: PrepareOptions = {}): Promise<ImageBatch> {
    const { preprocess } = this.#tower('image');
    const background = decode?.background ?? this.#parts.image?.background;
    return loadImage(image, preprocess, { ...decode, background, signal, onRead });
  }

  /**
   * Rows of a batch that is preprocessed already.
   *
   * A batch that memory has no room for is halved until it fits; the rows are the same.
   *
   * @throws {EmbeddingError} `CHECKPOINT_INVALID` when a row is not finite; `SHAPE_MISMATCH` or `INPUT_INVALID` for a
   *   batch that does not fit the model or whose pixels are not finite; `OUT_OF_MEMORY` when one item alone does not fit.
   */
  async encode<M extends Modality, P extends Precision = 'float32'>(
    modality: M,
    batch: BatchOf[M],
    options: EncodeOptions<P> = {},
  ): Promise<Embeddings<P>> {
    this.#tower(modality);
    expectMembers(batch, 'encode', 'shape');
    expectMembers(options, 'encode: options');
    if (batch.shape[0] === 0) return this.#rows(new Float32Array(0), options);
    await Promise.resolve(); // A caller's own tidy has ended: the tensor below belongs to no scope but ours.
    const data = await forwardInParts((part) => this.#tower(modality).encoder.forward(part), batch);
    checkFinite(data, this.#width, this.id, batch);
    return this.#rows(data, options);
  }

  /**
   * Cosine of every row of `a` with every row of `b`, row-major `[a.n, b.n]`. Where `similarityFunction` is `order`, what
   * `orderSimilarity` gives: `a` is of images then, and `b` of texts.
   */
  similarity(a: Embeddings<Precision>, b: Embeddings<Precision>): Float32Array {
    return this.similarityFunction === 'order' ? orderSimilarity(a, b) : cosineSimilarity(a, b);
  }

  /**
   * Zero-shot classification: which label describes each image best. Label embeddings are kept for the next call.
   *
   * @returns Per image every label with its probability, best first. Softmax over the labels, or a sigmoid for each
   *   where the model was trained with the sigmoid loss.
   */
  async classify(
    images: Iterable<ItemOf['image']> | AsyncIterable<ItemOf['image']>,
    labels: readonly string[],
    options: ClassifyOptions = {},
  ): Promise<Prediction[][]> {
    expectMembers(options, 'classify: options');
    expectItems(images, 'classify');
    expectTexts(labels, 'classify: labels');
    const { signal, batchSize, templates, onProgress, decode } = options;
    const weights = await this.#labels.embed(this, labels, { templates, signal });
    const rows = await this.embed('image', images, { signal, onProgress, batchSize, decode });
    return labelScores(rows, weights, labels, this.#parts);
  }

  /** Frees the model. What is under way ends with `DISPOSED`, once the batch that is being computed is done. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#parts[Symbol.dispose]();
  }

  #tower<M extends Modality>(modality: M): Tower<unknown, BatchOf[M]> {
    if (this.#disposed)
      throw new EmbeddingError('DISPOSED', `${this.id}: the space has been disposed of; await its rows before`);
    const tower = this.#parts[modality];
    if (tower) return tower as unknown as Tower<unknown, BatchOf[M]>;
    const has = this.modalities.join(', ') || 'none';
    throw new EmbeddingError('UNSUPPORTED', `${this.id}: expected one of its modalities (${has}), got '${modality}'`);
  }

  #preprocessor<M extends Modality>(modality: M, prompt: string | undefined): Tower<unknown, BatchOf[M]>['preprocess'] {
    const { preprocess } = this.#tower(modality);
    const { prompts = {}, text } = this.#parts;
    if (modality === 'text' && text) {
      return withPrompt(text.preprocess, promptText(prompts, prompt), prompts) as typeof preprocess;
    }
    if (prompt !== undefined)
      throw new EmbeddingError('INPUT_INVALID', `prompt: expected none for images, got '${prompt}'`);
    return preprocess;
  }

  /** Preprocesses a batch; images are decoded beside our thread once their files are read. */
  #begin<M extends Modality>(
    modality: M,
    items: readonly ItemOf[M][],
    options: Preparation<BatchOf[M]>,
  ): Ahead<BatchOf[M]> {
    let left = items.length;
    let allRead = () => {};
    const read = new Promise<void>((resolve) => (allRead = resolve));
    const result = this.#prepare(modality, items, options, () => --left || allRead());
    if (modality === 'text') return { result, started: () => Promise.resolve() };
    // A turn later the last of them is with its decoder too.
    const begun = () => read.then(() => new Promise((resolve) => setTimeout(resolve)));
    return { result, started: () => atMost(patience, [begun(), result.catch(() => {})]) };
  }

  async #prepare<M extends Modality>(
    modality: M,
    items: readonly ItemOf[M][],
    { signal, decode, preprocess }: Preparation<BatchOf[M]>,
    onRead: () => void,
  ): Promise<BatchOf[M]> {
    signal?.throwIfAborted();
    if (modality === 'text') return preprocess(items, signal);
    const prepare = async (image: ImageInput) => this.prepare(image, { signal, decode, onRead });
    return (await prepareAll(items as readonly PreparedOr<ImageInput>[], prepare, onRead)) as BatchOf[M];
  }

  #rows<P extends Precision>(data: Float32Array, options: EncodeOptions<P>): Embeddings<P> {
    const { normalize = true, truncateDim = this.dim, precision = 'float32' as P } = options;
    const kept = truncateRows(data, this.#width, truncateDim);
    if (normalize) normalizeRows(kept, truncateDim);
    const shape = [kept.length / truncateDim, truncateDim] as const;
    return inPrecision({ precision: 'float32', data: kept, shape, model: this.id }, precision);
  }
}

/** Milliseconds that a forward pass waits for the files of the next one: enough for a disk, not for a network. */
const patience = 50;
