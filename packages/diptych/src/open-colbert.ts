import {
  batches,
  checkSignal,
  type Embeddings,
  EmbeddingError,
  expectDtype,
  expectListeners,
  expectPrecision,
  expectTexts,
  quote,
  type TextBatch,
  type TokenEmbeddings,
  turn,
} from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { chooseBackend } from './choose-backend.ts';
import type { EmbedOptions, Many } from './embed-options.ts';
import type { LateKind } from './late/laid-out.ts';
import type { LateModel } from './late/load-colbert.ts';
import { modelOf, type OpenOptions } from './open.ts';
import type { ModelSource } from './platform/source.ts';
import { checkFinite, concatRows, inPrecision, normalizeRows } from './rows.ts';
import { forwardInParts, listOf } from './tower.ts';
import { warnOfLicence } from './warn-of-licence.ts';

export type ColbertOptions = Pick<
  OpenOptions,
  | 'backend'
  | 'dtype'
  | 'files'
  | 'hub'
  | 'id'
  | 'onDownload'
  | 'onFile'
  | 'onProgress'
  | 'onWarning'
  | 'revision'
  | 'signal'
>;

/** What rows of tokens are kept as; `maxSim` compares both. */
export type TokenPrecision = 'float32' | 'int8';

export interface TokenOptions<P extends TokenPrecision = 'float32'> extends Pick<
  EmbedOptions,
  'batchSize' | 'onProgress' | 'signal'
> {
  /** Default `float32`. */
  readonly precision?: P;
}

/** A model of late interaction: a text is as many rows as it has tokens, and `maxSim` of `@diptych/retrieval` compares them. */
export interface Colbert extends Disposable {
  readonly id: string;
  /** Length of a row. */
  readonly dim: number;
  /** Trained values. */
  readonly parameters: number;
  /**
   * Rows of length 1 of the tokens of each text, in order. A query is filled up to the model's length of queries; a document
   * leaves out punctuation, where the model says so. What is too long is cut.
   *
   * @throws {EmbeddingError} `INPUT_INVALID` for another kind, or what is no text; `DISPOSED`.
   */
  embed<P extends TokenPrecision = 'float32'>(
    kind: LateKind,
    texts: Many<string>,
    options?: TokenOptions<P>,
  ): Promise<TokenEmbeddings<P>>;
}

/**
 * ColBERT: `colbert-ir/colbertv2.0` and what PyLate or sentence-transformers 6 write with a BERT.
 *
 * @param source As `open` takes it.
 * @throws {EmbeddingError} what `open` throws; `UNSUPPORTED` for another model.
 */
export async function openColbert(source: ModelSource, options: ColbertOptions = {}): Promise<Colbert> {
  expectListeners(options, 'openColbert');
  const { backend = tf.getBackend(), dtype, signal } = options;
  if (dtype !== undefined) expectDtype(dtype, 'dtype');
  checkSignal(signal);
  const { files, unheard, id } = modelOf(source, options);
  const chosen = await chooseBackend(backend);
  const { loadColbert } = await import('./later-networks.ts');
  const { onBegin } = chosen;
  const model = await loadColbert(files, { ...options, ...(onBegin && { onBegin }) });
  try {
    await warnOfLicence(unheard, options);
  } catch (error) {
    model[Symbol.dispose]();
    throw error;
  }
  return colbertOf(model, { id: options.id ?? id, backend: chosen.running().name });
}

function colbertOf(model: LateModel, { id, backend }: { readonly id: string; readonly backend: string }): Colbert {
  let isDisposed = false;
  const dispose = () => {
    if (!isDisposed) model[Symbol.dispose]();
    isDisposed = true;
  };
  const rowsOf = async (texts: readonly string[], kind: LateKind, signal?: AbortSignal) => {
    const { batch, kept, counts } = await model.layOut(texts, kind, signal);
    if (isDisposed) throw new EmbeddingError('DISPOSED', { where: id, expected: 'a model in use', got: 'none' });
    const data = await forwardInParts((part: TextBatch) => tf.tidy(() => model.forward(part)), batch, backend);
    const own = new Float32Array(kept.length * model.dim);
    for (const [i, at] of kept.entries()) own.set(data.subarray(at * model.dim, (at + 1) * model.dim), i * model.dim);
    checkFinite(own, model.dim, id, batch);
    return { rows: rowsIn(normalizeRows(own, model.dim), id, model.dim), counts };
  };
  return {
    id,
    dim: model.dim,
    parameters: model.weights.size,
    async embed<P extends TokenPrecision = 'float32'>(
      kind: LateKind,
      texts: Many<string>,
      options: TokenOptions<P> = {},
    ) {
      expectListeners(options, 'embed');
      const { precision = 'float32' as P, batchSize = 32, signal, onProgress } = options;
      checkTold({ kind, precision, batchSize });
      const blocks: Embeddings[] = [];
      const offsets = [0];
      for await (const batch of batches(listOf(textItems, texts) as Iterable<string>, batchSize)) {
        expectTexts(batch, 'texts');
        await turn(signal);
        const { rows, counts } = await rowsOf(batch, kind, signal);
        blocks.push(rows);
        for (const count of counts) offsets.push(offsets.at(-1)! + count);
        onProgress?.(offsets.length - 1);
      }
      const whole = concatRows(blocks, rowsIn(new Float32Array(0), id, model.dim));
      return { ...inPrecision(whole, precision), offsets: Uint32Array.from(offsets) };
    },
    [Symbol.dispose]: dispose,
  };
}

function rowsIn(data: Float32Array, model: string, dim: number): Embeddings {
  return { precision: 'float32', data, shape: [data.length / dim, dim], model };
}

/** A text alone needs no list. */
const textItems = { isItem: (value: unknown) => typeof value === 'string' };

function checkTold({ kind, precision, batchSize }: { kind: unknown; precision: string; batchSize: number }): void {
  expectPrecision(precision, 'embed: precision');
  const wrong =
    (kind !== 'query' && kind !== 'document' && (['kind', "'query' or 'document'", kind] as const)) ||
    (precision !== 'float32' && precision !== 'int8' && (['precision', 'float32 or int8', precision] as const)) ||
    (!(Number.isSafeInteger(batchSize) && batchSize > 0) &&
      (['batchSize', 'a whole number of at least 1', batchSize] as const));
  if (!wrong) return;
  const [where, expected, got] = wrong;
  throw new EmbeddingError('INPUT_INVALID', { where: `embed: ${where}`, expected, got: quote(got) });
}
