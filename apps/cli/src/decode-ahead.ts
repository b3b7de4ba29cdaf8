import type { Image } from '@diptych/preprocessing';
import { isItemError, type Item, type OnFailure } from './item.ts';

/**
 * Batches of decoded images, without those that cannot be decoded. One batch ahead: sharp's threads decode the next
 * while this one computes.
 */
export async function* decodeAhead(
  batches: AsyncIterable<readonly string[]>,
  onFailure: OnFailure,
  signal: AbortSignal,
): AsyncGenerator<Item<Image>[]> {
  let next: Promise<PromiseSettledResult<Image>[]> | undefined;
  let names: readonly string[] = [];
  for await (const batch of batches) {
    const ready = next && survivors(names, await next, onFailure);
    signal.throwIfAborted();
    next = decode(batch, signal);
    names = batch;
    if (ready) yield ready;
  }
  if (next) yield survivors(names, await next, onFailure);
}

async function decode(paths: readonly string[], signal: AbortSignal): Promise<PromiseSettledResult<Image>[]> {
  const { decodeImage } = await import('@diptych/preprocessing/node');
  return Promise.allSettled(paths.map((path) => decodeImage(path, { signal })));
}

function survivors(
  names: readonly string[],
  results: readonly PromiseSettledResult<Image>[],
  onFailure: OnFailure,
): Item<Image>[] {
  return results.flatMap((result, i) => {
    const name = names[i]!;
    if (result.status === 'fulfilled') return [{ name, value: result.value }];
    if (!isItemError(result.reason)) throw result.reason;
    onFailure(name, result.reason);
    return [];
  });
}
