import { type Batch, EmbeddingError, type Encoder, quote } from '@diptych/core';
import type { DecodeOptions } from '@diptych/preprocessing/image';

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
