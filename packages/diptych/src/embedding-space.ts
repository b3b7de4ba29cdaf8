import type { BackendInfo } from '@diptych/backend-wasm';
import {
  type Batch,
  batches,
  cosineSimilarity,
  EmbeddingError,
  expectListeners,
  expectMembers,
  expectPrecision,
  type Embeddings,
  orderSimilarity,
  type Precision,
  prefetch,
  type Similarity,
  type TextBatch,
  turn,
  type WeightType,
} from '@diptych/core';
import { type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import type { SpaceParts, TextAndImage } from './architecture.ts';
import type { BatchOf, ClassifyOptions, EmbedOptions, EncodeOptions, Many, TokenizeOptions } from './embed-options.ts';
import { checkFinite, concatRows, inPrecision, isRows, normalizeRows, truncateRows } from './rows.ts';
import { beginReading, forwardInParts, listOf, refuseOptions, type Tower, usableReads } from './tower.ts';
import { weightsOf } from './weights-of.ts';
import { checkLabels, labelScores, type Prediction, ZeroShotLabels } from './zero-shot.ts';

/** What made a space. */
export type SpaceOrigin = Pick<EmbeddingSpace, 'id' | 'architecture' | 'backend'>;

/**
 * Items of several modalities in one vector space. Made by `open`.
 *
 * `Items` says what each modality takes: texts and images, or what the architecture says that it was opened with.
 */
export class EmbeddingSpace<Items = TextAndImage> implements Disposable {
  /** Names the model; stamped on every row it makes. */
  readonly id: string;
  readonly architecture: string;
  /** Length of an embedding where no `truncateDim` is asked for. */
  readonly dim: number;
  readonly modalities: readonly (keyof Items & string)[];
  /** How its rows were compared in training, and are by `similarity`. */
  readonly similarityFunction: Similarity;
  /** Number of trained values. */
  readonly parameters: number;
  /** Memory that they take. */
  readonly bytes: number;
  /** What linear layers keep their weights as and multiply; that of the file where it has packed weights. */
  readonly dtype: WeightType;
  /** What it computes on: kernels, threads, why something is missing, and why `auto` took it. */
  readonly backend: BackendInfo;
  readonly #parts: SpaceParts<unknown>;
  readonly #towers: ReadonlyMap<string, Tower>;
  /** Components that the encoders give. */
  readonly #width: number;
  readonly #labels = new ZeroShotLabels();
  #disposed = false;

  /** @throws {EmbeddingError} `SHAPE_MISMATCH` when the towers differ in dimension. */
  constructor({ id, architecture, backend }: SpaceOrigin, parts: SpaceParts<Items>) {
    const towers = Object.entries<Tower | undefined>(parts.towers).flatMap(([name, tower]) =>
      tower ? [[name, tower] as const] : [],
    );
    const encoders = towers.map(([, { encoder }]) => encoder);
    const [width = 0, other = width] = encoders.map((encoder) => encoder.dim);
    if (width !== other) {
      throw new EmbeddingError('SHAPE_MISMATCH', {
        where: id,
        expected: 'towers of one dimension',
        got: `${width} and ${other}`,
      });
    }
    this.id = id;
    this.architecture = architecture;
    this.#width = width;
    this.dim = Math.min(width, parts.truncateDim ?? width);
    this.#towers = new Map(towers);
    this.modalities = [...this.#towers.keys()] as (keyof Items & string)[];
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
   * @param items Texts; or images as path (Node), URL, data URI, Blob, bytes, ImageData or decoded `Image`; or sounds, with a model
   *   of them, as path, URL, Blob, bytes or `{ samples, sampleRate }`; or what the tower of another modality reads. One alone needs no list.
   * @returns `[n, dim]`, comparable with every other row of this space, whatever its modality.
   * @throws {EmbeddingError} `INPUT_INVALID`, `IMAGE_INVALID`, `IMAGE_TOO_LARGE`, `NOT_FOUND` or `NETWORK` for the
   *   first item that cannot be read; `UNSUPPORTED` when the model lacks the modality; `DISPOSED`.
   */
  async embed<M extends keyof Items & string, P extends Precision = 'float32'>(
    modality: M,
    items: Many<Items[M]>,
    options: EmbedOptions<P> = {},
  ): Promise<Embeddings<P>> {
    return this.#collect(modality, items, options);
  }

  /** As `embed`, one block of at most `batchSize` rows at a time, in constant memory. */
  stream<M extends keyof Items & string, P extends Precision = 'float32'>(
    modality: M,
    items: Many<Items[M]>,
    options: EmbedOptions<P> = {},
  ): AsyncGenerator<Embeddings<P>> {
    return this.#stream(modality, items, options);
  }

  /**
   * Rows of a batch that is preprocessed already.
   *
   * A batch that memory has no room for is halved until it fits; the rows are the same.
   *
   * @throws {EmbeddingError} `CHECKPOINT_INVALID` when a row is not finite; `SHAPE_MISMATCH` or `INPUT_INVALID` for a
   *   batch that does not fit the model or whose numbers are not finite; `OUT_OF_MEMORY` when one item alone does not fit.
   */
  async encode<M extends keyof Items & string, P extends Precision = 'float32'>(
    modality: M,
    batch: BatchOf<M>,
    options: EncodeOptions<P> = {},
  ): Promise<Embeddings<P>> {
    return this.#encode(modality, batch, options);
  }

  /**
   * Texts as tokens, after the model's prompt: what `encode` takes. Its `mask` counts them, its `cut` says who was too long.
   * @throws {EmbeddingError} what `embed` throws of texts.
   */
  async tokenize(texts: Many<string>, options: TokenizeOptions = {}): Promise<TextBatch> {
    this.#check('text', options);
    const all: unknown[] = [];
    for await (const text of listOf(this.#tower('text'), texts, 'tokenize')) all.push(text);
    await turn(options.signal);
    return (await this.#tower('text').preprocess(all, options.signal, options)) as TextBatch;
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
   * @param images As `embed` takes them, or their rows.
   * @param labels At least one, each once.
   * @returns Per image every label with its probability, best first. Softmax over the labels, or a sigmoid for each
   *   where the model was trained with the sigmoid loss.
   * @throws {EmbeddingError} `INPUT_INVALID` for no labels, one that is there twice, no templates, or one without `{}`; and
   *   what `embed` throws.
   */
  async classify(
    images: Many<TextAndImage['image']> | Embeddings,
    labels: readonly string[],
    options: ClassifyOptions = {},
  ): Promise<Prediction[][]> {
    expectMembers(options, 'classify: options');
    if (!isRows(images)) listOf(this.#tower('image'), images, 'classify');
    checkLabels(labels);
    const { templates: given, ...rest } = options;
    const templates = typeof given === 'string' ? [given] : given;
    const embed = async (texts: readonly string[]) => this.#collect('text', texts, { signal: rest.signal });
    const weights = await this.#labels.embed(embed, labels, templates);
    const rows = isRows(images) ? images : await this.#collect('image', images, rest);
    return labelScores(rows, weights, labels, this.#parts);
  }

  /** Frees the model, as `using` does; twice is once. What is under way ends with `DISPOSED`, after the batch being computed. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#parts[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #tower(modality: string): Tower {
    if (this.#disposed)
      throw new EmbeddingError('DISPOSED', {
        where: this.id,
        expected: 'a space in use',
        got: 'one that has been disposed of',
        cure: 'await its rows before',
      });
    const tower = this.#towers.get(modality);
    if (tower) return tower;
    const expected = `one of its modalities (${this.modalities.join(', ') || 'none'})`;
    throw new EmbeddingError('UNSUPPORTED', { where: this.id, expected, got: `'${modality}'` });
  }

  async #collect<P extends Precision = 'float32'>(
    modality: string,
    items: Many<unknown>,
    options: EmbedOptions<P>,
  ): Promise<Embeddings<P>> {
    expectMembers(options, 'embed: options');
    const { precision = 'float32' as P, ...rest } = options;
    expectPrecision(precision, 'embed: precision');
    const blocks: Embeddings[] = [];
    for await (const block of this.#stream(modality, items, rest)) blocks.push(block);
    return inPrecision(concatRows(blocks, this.#rows(new Float32Array(0), rest)), precision);
  }

  async *#stream<P extends Precision = 'float32'>(
    modality: string,
    items: Many<unknown>,
    options: EmbedOptions<P>,
  ): AsyncGenerator<Embeddings<P>> {
    this.#check(modality, options);
    const { batchSize = 32, signal, onProgress, onSkip, prompt, decode } = options;
    const tower = this.#tower(modality);
    const list = listOf(tower, items);
    const last: { begun?: Promise<unknown> } = {};
    const read = async (batch: readonly unknown[], unwanted: AbortSignal) => {
      const { reads, begun } = beginReading(tower, batch, { prompt, decode, signal: unwanted });
      last.begun = begun;
      await (onSkip ? Promise.allSettled(reads) : Promise.all(reads));
      return reads;
    };
    let done = 0;
    for await (const reads of prefetch(batches(list, batchSize), read, { ahead: 2, signal })) {
      await last.begun; // The next images are with their decoders before a forward pass takes our thread.
      await turn(signal);
      const raws = await usableReads(reads, onSkip && ((problem, i) => onSkip(problem, done + i)));
      if (raws.length > 0) {
        const batch = await tower.preprocess(raws, signal, { prompt });
        yield await this.#encode(modality, batch, options);
      }
      done += reads.length;
      onProgress?.(done);
    }
  }

  /** Refuses what is wrong before an item is asked for. */
  #check(modality: string, options: EmbedOptions<Precision>): void {
    expectListeners(options, 'embed');
    expectPrecision(options.precision ?? 'float32', 'embed: precision');
    const { batchSize = 32 } = options;
    if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
      throw new EmbeddingError('INPUT_INVALID', {
        where: 'batchSize',
        expected: 'a whole number of at least 1',
        got: batchSize,
      });
    }
    const tower = this.#tower(modality);
    if (tower.check) tower.check(options);
    else refuseOptions(options, ['prompt', 'decode'], `'${modality}'`);
    this.#rows(new Float32Array(0), options);
  }

  async #encode<P extends Precision>(
    modality: string,
    batch: Batch,
    options: EncodeOptions<P>,
  ): Promise<Embeddings<P>> {
    this.#tower(modality);
    expectMembers(batch, 'encode', 'shape');
    expectMembers(options, 'encode: options');
    if (batch.shape[0] === 0) return this.#rows(new Float32Array(0), options);
    await Promise.resolve(); // A caller's own tidy has ended: the tensor below belongs to no scope but ours.
    const forward = (part: Batch): Tensor2D => tidy(() => this.#forward(modality, part));
    const data = await forwardInParts(forward, batch, this.backend.name);
    checkFinite(data, this.#width, this.id, batch);
    return this.#rows(data, options);
  }

  /** @throws {EmbeddingError} `SHAPE_MISMATCH` for rows of another number or width than the encoder says. */
  #forward(modality: string, batch: Batch): Tensor2D {
    const rows: Tensor2D = this.#tower(modality).encoder.forward(batch);
    const [n, width] = [batch.shape[0], this.#width];
    if (rows.rank === 2 && rows.shape[0] === n && rows.shape[1] === width) return rows;
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: `${this.id}: encoder of '${modality}'`,
      expected: `[${n},${width}]`,
      got: rows.shape,
    });
  }

  #rows<P extends Precision>(data: Float32Array, options: EncodeOptions<P>): Embeddings<P> {
    const { normalize = true, truncateDim = this.dim, precision = 'float32' as P } = options;
    const kept = truncateRows(data, this.#width, truncateDim);
    if (normalize) normalizeRows(kept, truncateDim);
    const shape = [kept.length / truncateDim, truncateDim] as const;
    return inPrecision({ precision: 'float32', data: kept, shape, model: this.id }, precision);
  }
}
