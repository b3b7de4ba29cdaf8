import { EmbeddingError, partsOfBody } from '@diptych/core';
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
  let done = from;
  try {
    for (let part = await next(file, parts, signal); part; part = await next(file, parts, signal)) {
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

async function next(
  file: HubFile,
  parts: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return (await parts.next()).value ?? undefined;
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('NETWORK', `${file.path}: the download broke off: ${reason}`, { cause });
  }
}
