import {
  batches,
  checkSignal,
  cosineSimilarity,
  EmbeddingError,
  type Embeddings,
  expectListeners,
  expectMembers,
  expectPrecision,
  orderSimilarity,
  type Precision,
  prefetch,
  type TextBatch,
} from '@diptych/core';
import type { ByteSource, Files } from '@diptych/files';
import type { PackagedModel, TextAndImage } from '../architecture.ts';
import type { BatchOf, ClassifyOptions, EmbedOptions, EncodeOptions, Many, TokenizeOptions } from '../embed-options.ts';
import type { EmbeddingSpace } from '../embedding-space.ts';
import type { OpenOptions } from '../open.ts';
import type { ModelSource } from '../platform/source.ts';
import { concatRows, inPrecision, isRows } from '../rows.ts';
import type { Prediction } from '../zero-shot.ts';
import { crossed } from './crossed-error.ts';
import type { Description, PostedModel, PostedOptions, PostedRows, PostedSource } from './messages.ts';
import type { Answer, Methods } from './peer.ts';
import { pageAddress, postable } from './postable.ts';
import { type EmbedderWorker, Thread } from './thread.ts';

export type { EmbedderWorker };

/** What embeds, in this thread or in another: an `EmbeddingSpace` is one. */
export type Embedder<Items = TextAndImage> = Pick<EmbeddingSpace<Items>, keyof EmbeddingSpace<Items>>;

export interface EmbedderOptions<Items = TextAndImage> extends Omit<
  OpenOptions<Items>,
  'architectures' | 'onPacked' | 'filesOnly'
> {
  /** As `open` takes it; with a worker of one's own also the name of one of its `models`. */
  readonly model: ModelSource | PackagedModel<Items>;
  /**
   * `true` for a worker that is started here and ended by `dispose`; one of one's own goes on. `false` opens the model in this
   * thread. Default `true`.
   */
  readonly worker?: boolean | EmbedderWorker;
}

/**
 * A model in a thread of its own, so that this one stays free: an `EmbeddingSpace` with its options, progress, and errors with
 * their codes. A signal is heard at once, and several callers may embed at a time.
 *
 * Items are posted a batch at a time: blobs without their bytes being copied, all others as copies. Rows move back. `Files` are
 * read in this thread.
 *
 * @throws {EmbeddingError} what `open` throws; `BACKEND_UNAVAILABLE` where the worker does not start; `INPUT_INVALID` for
 *   what cannot be posted, as a model that is a package: a worker of one's own knows it by a name.
 */
export async function createEmbedder<Items = TextAndImage>(options: EmbedderOptions<Items>): Promise<Embedder<Items>> {
  const { model, worker = true, ...rest } = expectMembers(options, 'createEmbedder: options', 'model');
  expectListeners(rest, 'createEmbedder');
  if (worker === false) {
    const { open } = await import('../open.ts');
    return open(model, rest);
  }
  const { onFile, onDownload, onProgress, onWarning, signal, ...others } = rest;
  checkSignal(signal);
  const heard = { onFile, onDownload, onProgress, onWarning };
  const names = (['onFile', 'onDownload', 'onProgress', 'onWarning'] as const).filter((name) => heard[name]);
  const { posted, methods } = postedModel(model);
  const threw = new AbortController();
  const thread = new Thread(worker, {
    ...methods,
    ...Object.fromEntries(names.map((name) => [name, (args) => told(heard[name], args, threw)])),
  });
  try {
    const stop = signal ? AbortSignal.any([signal, threw.signal]) : threw.signal;
    const asked: PostedOptions = { ...others, told: names, page: pageAddress() };
    return new WorkerEmbedder<Items>(thread, (await thread.call('open', [posted, asked], stop)) as Description);
  } catch (error) {
    thread.end(error);
    throw error;
  }
}

/** Lets a function of the caller hear; one that throws ends the opening, as it does in this thread. */
function told(hear: Function | undefined, args: readonly unknown[], threw: AbortController) {
  try {
    hear?.(...args);
  } catch (error) {
    threw.abort(error);
  }
  return {};
}

/** A space whose model is in another thread. */
class WorkerEmbedder<Items> implements Embedder<Items> {
  readonly id: string;
  readonly architecture: string;
  readonly dim: number;
  readonly modalities: readonly (keyof Items & string)[];
  readonly similarityFunction: Description['similarityFunction'];
  readonly parameters: number;
  readonly bytes: number;
  readonly dtype: Description['dtype'];
  readonly #thread: Thread;
  #backend: Description['backend'];

  constructor(thread: Thread, description: Description) {
    this.id = description.id;
    this.architecture = description.architecture;
    this.dim = description.dim;
    this.modalities = description.modalities as readonly (keyof Items & string)[];
    this.similarityFunction = description.similarityFunction;
    this.parameters = description.parameters;
    this.bytes = description.bytes;
    this.dtype = description.dtype;
    this.#backend = description.backend;
    this.#thread = thread;
  }

  /** Of the worker. */
  get backend(): Description['backend'] {
    return this.#backend;
  }

  async embed<M extends keyof Items & string, P extends Precision = 'float32'>(
    modality: M,
    items: Many<Items[M]>,
    options: EmbedOptions<P> = {},
  ): Promise<Embeddings<P>> {
    const { precision = 'float32' as P, ...rest } = expectMembers(options, 'embed: options');
    expectPrecision(precision, 'embed: precision');
    return inPrecision(await this.#collect(modality, items, rest), precision);
  }

  async *stream<M extends keyof Items & string, P extends Precision = 'float32'>(
    modality: M,
    items: Many<Items[M]>,
    options: EmbedOptions<P> = {},
  ): AsyncGenerator<Embeddings<P>> {
    expectListeners(options, 'embed');
    await this.#rowsOf(modality, [], options); // Wrong options are refused before the first item.
    for await (const { rows } of this.#blocks(modality, items, options)) yield rows;
  }

  async encode<M extends keyof Items & string, P extends Precision = 'float32'>(
    modality: M,
    batch: BatchOf<M>,
    options: EncodeOptions<P> = {},
  ): Promise<Embeddings<P>> {
    return (await this.#thread.call('encode', [modality, batch, options])) as Embeddings<P>;
  }

  async tokenize(texts: Many<string>, options: TokenizeOptions = {}): Promise<TextBatch> {
    const { signal, ...rest } = expectMembers(options, 'tokenize: options');
    const all: unknown[] = [];
    for await (const text of listOf(texts)) all.push(postable('text', text));
    return (await this.#thread.call('tokenize', [all, rest], signal)) as TextBatch;
  }

  similarity(a: Embeddings<Precision>, b: Embeddings<Precision>): Float32Array {
    return this.similarityFunction === 'order' ? orderSimilarity(a, b) : cosineSimilarity(a, b);
  }

  async classify(
    images: Many<TextAndImage['image']> | Embeddings,
    labels: readonly string[],
    options: ClassifyOptions = {},
  ): Promise<Prediction[][]> {
    const { templates, ...rest } = expectMembers(options, 'classify: options');
    const classified = async (rows: unknown) =>
      (await this.#thread.call('classify', [rows, labels, { templates }], rest.signal)) as Prediction[][];
    if (isRows(images)) return classified(images);
    await classified([]); // Wrong labels are refused before the first image.
    return classified(await this.#collect('image', images, rest));
  }

  /** Frees the model; twice is once. What is under way ends with `DISPOSED`. */
  dispose(): void {
    const problem = { where: this.id, expected: 'an embedder in use', got: 'one that has been disposed of' };
    this.#thread.end(new EmbeddingError('DISPOSED', { ...problem, cure: 'await its rows before' }));
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #collect(modality: string, items: Many<unknown>, options: EmbedOptions): Promise<Embeddings> {
    expectListeners(options, 'embed');
    const { rows: none } = await this.#rowsOf(modality, [], options);
    const blocks: Embeddings[] = [];
    for await (const { rows } of this.#blocks(modality, items, options)) blocks.push(rows);
    return concatRows(blocks, none);
  }

  /** A batch at a time, the next being in the worker already. */
  async *#blocks<P extends Precision>(
    modality: string,
    items: Many<unknown>,
    options: EmbedOptions<P>,
  ): AsyncGenerator<PostedRows<P>> {
    const { batchSize = 32, signal, onProgress, onSkip } = options;
    const load = async (batch: readonly unknown[], unwanted: AbortSignal) => ({
      posted: await this.#rowsOf(modality, batch, options, unwanted),
      count: batch.length,
    });
    let done = 0;
    for await (const { posted, count } of prefetch(batches(listOf(items), batchSize), load, { ahead: 2, signal })) {
      for (const { error, at } of posted.skipped) onSkip?.(crossed(error) as EmbeddingError, done + at);
      if (posted.rows.shape[0] > 0) yield posted;
      done += count;
      onProgress?.(done);
    }
  }

  async #rowsOf<P extends Precision>(
    modality: string,
    items: readonly unknown[],
    { signal, onProgress: _onProgress, onSkip, ...options }: EmbedOptions<P>,
    stop = signal,
  ): Promise<PostedRows<P>> {
    const posted = items.map((item) => postable(modality, item));
    const answer = await this.#thread.call('embed', [modality, posted, options, onSkip !== undefined], stop);
    const rows = answer as PostedRows<P>;
    this.#backend = rows.backend;
    return rows;
  }
}

/** The items; one alone gives none itself, or only its letters or bytes. */
function listOf(items: unknown): Iterable<unknown> | AsyncIterable<unknown> {
  const isOne = typeof items === 'string' || ArrayBuffer.isView(items);
  if (isOne || typeof items !== 'object' || items === null) return [items];
  if (Symbol.iterator in items || Symbol.asyncIterator in items) return items as Iterable<unknown>;
  return [items];
}

/** A model as it is posted, and what the worker may ask of its files. */
function postedModel(model: unknown): { readonly posted: PostedModel; readonly methods: Methods } {
  if (typeof model === 'string' || model instanceof URL) return { posted: String(model), methods: {} };
  const files = expectMembers(model, 'model', 'open') as Files;
  if ('architecture' in files) {
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'model',
      expected: 'one that can be posted to a worker',
      got: `${files.id} with its architecture`,
      cure: "name it to a worker of your own, which calls serveEmbedder({ models: { … } }) of 'diptych/worker/serve'",
    });
  }
  const sources: ByteSource[] = [];
  const opened = async (found: Promise<ByteSource | undefined>): Promise<Answer> => {
    const source = await found;
    if (!source) return {};
    const { name, size } = source;
    return { value: { handle: sources.push(source) - 1, name, size } satisfies PostedSource };
  };
  const can = (['has', 'peek', 'paths'] as const).filter((name) => files[name]);
  return {
    posted: { id: files.id, can },
    methods: {
      open: async ([path], signal) => opened(files.open(path as string, signal)),
      peek: async ([path], signal) => opened(files.peek!(path as string, signal)),
      has: async ([path], signal) => ({ value: await files.has!(path as string, signal) }),
      paths: async (_, signal) => ({ value: await files.paths!(signal) }),
      async read([handle, begin, end], signal) {
        const bytes = await sources[handle as number]!.read(begin as number, end as number, signal);
        const { buffer } = bytes.slice(); // They may be a view of what others read.
        return { value: new Uint8Array(buffer), moved: [buffer] };
      },
    },
  };
}
