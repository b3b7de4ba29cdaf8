import { arriving, EmbeddingError, partsOfBody } from '@diptych/core';
import type { HubCacheOptions } from './hub-cache.ts';
import type { HubBody } from './hub-download.ts';
import type { HubFile } from './hub-listing.ts';

/**
 * The parts of a body as they arrive; what it brings ends where its file does.
 *
 * @throws {EmbeddingError} `NETWORK` when it breaks off, takes too long, or is shorter or longer than the file.
 */
export async function* partsOf(
  file: HubFile,
  { from, response }: HubBody,
  { signal, onProgress, patience }: HubCacheOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const parts = partsOfBody(response, { ...patience, limit: file.size - from, signal });
  const next = async () => {
    const { value } = await arriving(`the download of ${file.path}`, parts.next(), signal);
    return value ?? undefined;
  };
  let done = from;
  try {
    for (let part = await next(); part; part = await next()) {
      yield part;
      done += part.length;
      onProgress?.({ path: file.path, done, total: file.size });
    }
  } finally {
    await parts.return();
  }
  if (done !== file.size) {
    throw new EmbeddingError('NETWORK', { where: file.path, expected: `${file.size} bytes`, got: done });
  }
}
