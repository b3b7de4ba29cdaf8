import { EmbeddingError } from '@diptych/core';
import type { HubCacheOptions } from './hub-cache.ts';
import type { HubBody } from './hub-download.ts';
import type { HubFile } from './hub-listing.ts';

/**
 * The parts of a body as they arrive; what it brings ends where its file does.
 *
 * @throws {EmbeddingError} `NETWORK` when it breaks off, or is shorter or longer than the file.
 */
export async function* partsOf(
  file: HubFile,
  { from, response }: HubBody,
  { signal, onProgress }: HubCacheOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  // Not every browser iterates a stream by `for await`.
  const reader = response.body?.getReader();
  let done = from;
  try {
    for (let part = await next(file, reader, signal); part; part = await next(file, reader, signal)) {
      if (done + part.length > file.size) throw wrongSize(file, done + part.length);
      yield part;
      done += part.length;
      onProgress?.({ path: file.path, done, total: file.size });
    }
  } finally {
    // A stream that failed refuses to be cancelled, and is over all the same.
    await reader?.cancel().catch(() => undefined);
  }
  if (done !== file.size) throw wrongSize(file, done);
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

async function next(
  file: HubFile,
  reader?: Reader,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('NETWORK', `${file.path}: the download broke off: ${reason}`, { cause });
  }
}

function wrongSize({ path, size }: HubFile, done: number): EmbeddingError {
  return new EmbeddingError('NETWORK', `${path}: expected ${size} bytes, got ${done}`);
}
