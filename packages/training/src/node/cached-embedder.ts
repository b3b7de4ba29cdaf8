import { join } from 'node:path';
import { expectText } from '@diptych/core';
import type { Embedder, EmbedderOptions, OpenEmbedder } from '../embedder.ts';
import { cachedRows } from './cached-rows.ts';
import { featureCache } from './feature-cache.ts';
import { modelHash } from './model-hash.ts';

/** As `open`, of models whose rows are kept inside a folder, where other runs find them. */
export function cachedOpen(open: OpenEmbedder, folder: string): OpenEmbedder {
  expectText(folder, 'featureCache');
  return async (model, options) => {
    const hash = await modelHash(model, options.signal);
    return cachedEmbedder(await open(model, options), join(folder, hash));
  };
}

function cachedEmbedder(model: Embedder, folder: string): Embedder {
  const caches = new Map<string, ReturnType<typeof featureCache>>();
  return {
    modalities: model.modalities,
    async embed(
      modality: 'image' | 'text',
      items: AsyncIterable<Uint8Array> | readonly string[],
      { normalize, signal, onProgress }: EmbedderOptions,
    ) {
      const kind = normalize ? `${modality}-unit` : modality;
      const opened = caches.get(kind) ?? featureCache(join(folder, kind), signal);
      caches.set(kind, opened);
      const cache = await opened;
      if (modality === 'image') {
        return cachedRows(items as AsyncIterable<Uint8Array>, {
          cache,
          embed: async (some, told) => model.embed(modality, some, { normalize, ...told }),
          signal,
          onProgress,
        });
      }
      return cachedRows(items as readonly string[], {
        cache,
        embed: async (some, told) => model.embed(modality, await listed(some), { normalize, ...told }),
        signal,
        onProgress,
      });
    },
    [Symbol.dispose]: () => model[Symbol.dispose](),
  };
}

async function listed<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
