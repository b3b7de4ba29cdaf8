import type { AudioBatch, Batch, ImageBatch, Precision, TextBatch } from '@diptych/core';
import type { OnSkip, ReadOptions } from './tower.ts';
import type { LabelOptions } from './zero-shot.ts';

/** What each modality's preprocessing gives. */
interface Batches {
  text: TextBatch;
  image: ImageBatch;
  audio: AudioBatch;
}

/** A batch of a modality; of one from outside, what only its tower knows. */
export type BatchOf<M> = M extends keyof Batches ? Batches[M] : Batch;

/** Items in any order that gives one after the other, or one alone. */
export type Many<T> = T | Iterable<T> | AsyncIterable<T>;

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
  /** Called after each batch with the items done so far, those that were left out included. */
  readonly onProgress?: (done: number) => void;
  /**
   * Told of each item that cannot be read, in order and before the rows of its batch, which then lack it: a file that is
   * missing or damaged. Default: the first one ends it.
   *
   * @param index Place of the item among all that were given.
   */
  readonly onSkip?: OnSkip;
  /**
   * Goes before every text: the name of one of the model's prompts, or a text as `'query: '`; `''` for none. Default the
   * one that the model's files name, else none.
   */
  readonly prompt?: string;
  /** How images are decoded. */
  readonly decode?: ReadOptions['decode'];
}

export type TokenizeOptions = Pick<EmbedOptions, 'prompt' | 'signal'>;

export interface ClassifyOptions
  extends LabelOptions, Pick<EmbedOptions, 'batchSize' | 'onProgress' | 'onSkip' | 'decode'> {}
