import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddingError } from '@diptych/core';
import { type EncodedImage, type ReadOptions, nameOf, readBytes } from '../image/input.ts';

/** Bytes of a path, a URL, or what `readBytes` takes. */
export function readFileOrUrl(input: EncodedImage, options: ReadOptions): Promise<Uint8Array> {
  if (typeof input !== 'string' && !(input instanceof URL)) return readBytes(input, options);
  const text = String(input);
  if (/^(https?|data|blob):/i.test(text)) return readBytes(input, options);
  return readPath(text, options);
}

async function readPath(path: string, { signal }: ReadOptions): Promise<Uint8Array> {
  try {
    return await readFile(/^file:/i.test(path) ? fileURLToPath(path) : path, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('NOT_FOUND', `${nameOf(path)}: expected a readable file (${why})`, { cause });
  }
}
