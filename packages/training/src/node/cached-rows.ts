import type { Rows } from '@diptych/alignment';
import { turn } from '@diptych/core';
import type { EmbedderOptions } from '../embedder.ts';
import { joinedRows } from '../joined-rows.ts';
import { type FeatureCache, sha256 } from './feature-cache.ts';

/** Items whose rows are written at once: what a run that is killed computes again. */
const partSize = 256;

export interface CachedRowsOptions<T> extends Pick<EmbedderOptions, 'signal' | 'onProgress'> {
  readonly cache: FeatureCache;
  /** Rows of items, in order. */
  readonly embed: (items: AsyncIterable<T>, options: Pick<EmbedderOptions, 'signal' | 'onProgress'>) => Promise<Rows>;
}

/** Rows of items, in order; what the cache has is not computed, and what it has not is put into it. */
export async function cachedRows<T extends Uint8Array | string>(
  items: AsyncIterable<T> | Iterable<T>,
  { cache, embed, signal, onProgress }: CachedRowsOptions<T>,
): Promise<ReturnType<typeof joinedRows>> {
  const all = each(items);
  const hashes: string[] = [];
  let width = 0;
  for (let isWhole = true; isWhole;) {
    const before = hashes.length;
    const missing = new Set<string>();
    const part = async function* () {
      while (missing.size < partSize) {
        await turn(signal);
        const next = await all.next();
        if (next.done) return;
        const hash = sha256(next.value);
        hashes.push(hash);
        if (cache.get(hash) || missing.has(hash)) continue;
        missing.add(hash);
        yield next.value;
      }
    };
    const rows = await embed(part(), { signal, onProgress: (done) => onProgress?.(before + done) });
    await cache.add([...missing], rows);
    width = rows.shape[1];
    onProgress?.(hashes.length);
    isWhole = missing.size === partSize;
  }
  return joinedRows(
    hashes.map((hash) => cache.get(hash)!),
    [hashes.length, width],
  );
}

async function* each<T>(items: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, undefined> {
  yield* items;
  return undefined;
}
