import { EmbeddingError } from '@diptych/core';
import { readBinary } from './binary.ts';

/**
 * The module of a binary; `undefined` where the engine does not know its instructions.
 *
 * @param user What errors call whoever needs it.
 * @throws {EmbeddingError} `BACKEND_UNAVAILABLE` when the binary cannot be read.
 */
export async function compileBinary(url: URL, user: string): Promise<WebAssembly.Module | undefined> {
  const bytes = await read(url, user);
  return WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : undefined;
}

async function read(url: URL, user: string): Promise<BufferSource> {
  try {
    return await readBinary(url);
  } catch (cause) {
    throw new EmbeddingError('BACKEND_UNAVAILABLE', `${user}: expected its kernels at ${url}`, { cause });
  }
}
