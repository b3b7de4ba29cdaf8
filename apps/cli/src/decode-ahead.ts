import type { ImageBatch } from '@diptych/core';
import type { EmbeddingSpace } from 'diptych';
import { isItemError, type Item, type OnFailure } from './item.ts';

export interface DecodeOptions {
  /** Whose model the images are for. */
  readonly space: Pick<EmbeddingSpace, 'prepare'>;
  readonly signal: AbortSignal;
  readonly onFailure: OnFailure;
}

/**
 * Batches of images as the model reads them, without those that cannot be decoded. One batch ahead: sharp's threads decode
 * the next while this one computes.
 */
export async function* decodeAhead(
  batches: AsyncIterable<readonly string[]>,
  options: DecodeOptions,
): AsyncGenerator<Item<ImageBatch>[]> {
  let next: Promise<PromiseSettledResult<ImageBatch>[]> | undefined;
  let names: readonly string[] = [];
  for await (const batch of batches) {
    const ready = next && survivors(names, await next, options.onFailure);
    options.signal.throwIfAborted();
    next = decode(batch, options);
    names = batch;
    if (ready) yield ready;
  }
  if (next) yield survivors(names, await next, options.onFailure);
}

async function decode(
  paths: readonly string[],
  { space, signal }: DecodeOptions,
): Promise<PromiseSettledResult<ImageBatch>[]> {
  return Promise.allSettled(paths.map((path) => space.prepare(path, { signal })));
}

function survivors(
  names: readonly string[],
  results: readonly PromiseSettledResult<ImageBatch>[],
  onFailure: OnFailure,
): Item<ImageBatch>[] {
  return results.flatMap((result, i) => {
    const name = names[i]!;
    if (result.status === 'fulfilled') return [{ name, value: result.value }];
    if (!isItemError(result.reason)) throw result.reason;
    onFailure(name, result.reason);
    return [];
  });
}
