import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddingError } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';
import { type EncodedImage, type ReadOptions, type WaitForBytes, nameOf, readBytes } from '../image/input.ts';

/** Bytes of a path, a URL, or what `readBytes` takes. */
export function readFileOrUrl(input: EncodedImage, options: ReadOptions, wait?: WaitForBytes): Promise<Uint8Array> {
  if (typeof input !== 'string' && !(input instanceof URL)) return readBytes(input, options, wait);
  const text = String(input);
  if (/^(https?|data|blob):/i.test(text)) return readBytes(input, options, wait);
  return readPath(text, options, wait);
}

async function readPath(path: string, { signal }: ReadOptions, wait?: WaitForBytes): Promise<Uint8Array> {
  try {
    const file = /^file:/i.test(path) ? fileURLToPath(path) : path;
    if (wait) await wait(Math.min((await stat(file)).size, maxFileBytes));
    return await readFileBytes(file, (size) => check(size, path), signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof EmbeddingError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('NOT_FOUND', `${nameOf(path)}: expected a readable file (${why})`, { cause });
  }
}

/** The most pixels that are decoded by default, unpacked, in 16 bits. */
const maxFileBytes = 2 ** 30;

function check(size: number, path: string): void {
  if (size <= maxFileBytes) return;
  const problem = `expected a file of at most ${maxFileBytes} bytes, got ${size}`;
  throw new EmbeddingError('IMAGE_TOO_LARGE', `${nameOf(path)}: ${problem}`);
}
