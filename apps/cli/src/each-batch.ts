import { batches, type ImageBatch } from '@diptych/core';
import { decodeAhead, type DecodeOptions } from './decode-ahead.ts';
import { isItemError, type Item, type OnFailure } from './item.ts';

/** What came of a batch, and of which items. */
export interface Outcome<R> {
  readonly names: readonly string[];
  readonly result: R;
}

export interface BatchOptions {
  readonly batchSize: number;
  readonly signal: AbortSignal;
  readonly onFailure: OnFailure;
}

export type ImageBatchOptions = BatchOptions & DecodeOptions;

/** Works on texts in order. Any text can be embedded, so an error is never the fault of one of them. */
export async function* eachTextBatch<R>(
  texts: Iterable<string> | AsyncIterable<string>,
  work: (texts: readonly string[]) => Promise<R>,
  { batchSize }: Pick<BatchOptions, 'batchSize'>,
): AsyncGenerator<Outcome<R>> {
  for await (const names of batches(texts, batchSize)) yield { names, result: await work(names) };
}

/** Works on the images of paths and URLs in order, without those that cannot be decoded. */
export function eachImageBatch<R>(
  paths: Iterable<string> | AsyncIterable<string>,
  work: (images: readonly ImageBatch[]) => Promise<R>,
  { batchSize, ...options }: ImageBatchOptions,
): AsyncGenerator<Outcome<R>> {
  return eachBatch(decodeAhead(batches(paths, batchSize), options), work, options.onFailure);
}

/** Works on batches in order. Where an item spoils its batch, its neighbours are done one by one. */
async function* eachBatch<T, R>(
  groups: AsyncIterable<readonly Item<T>[]>,
  work: (values: readonly T[]) => Promise<R>,
  onFailure: OnFailure,
): AsyncGenerator<Outcome<R>> {
  for await (const items of groups) {
    const outcome = await attempt(items, work);
    if ('result' in outcome) yield outcome;
    else if (items.length === 1) onFailure(items[0]!.name, outcome.error);
    else yield* eachBatch(alone(items), work, onFailure);
  }
}

async function attempt<T, R>(
  items: readonly Item<T>[],
  work: (values: readonly T[]) => Promise<R>,
): Promise<Outcome<R> | { readonly error: Error }> {
  try {
    const result = await work(items.map(({ value }) => value));
    return { names: items.map(({ name }) => name), result };
  } catch (error) {
    if (isItemError(error)) return { error };
    throw error;
  }
}

async function* alone<T>(items: readonly T[]): AsyncGenerator<T[]> {
  for (const item of items) yield [item];
}
