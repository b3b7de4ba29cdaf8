import { checkSignal, EmbeddingError } from '@diptych/core';
import type { ByteSource } from '@diptych/files';
import { invalid } from './invalid.ts';

/** Bytes `[begin, end)` of a file that promised to hold them. */
export async function readExactly(
  source: ByteSource,
  [begin, end]: readonly [begin: number, end: number],
  signal?: AbortSignal,
  room?: Uint8Array,
): Promise<Uint8Array> {
  checkSignal(signal);
  if (begin === end) return new Uint8Array(0);
  if (begin > end || end > source.size) {
    throw invalid(source.name, `bytes ${begin} to ${end}`, `a file of ${source.size}`);
  }
  const bytes = await source.read(begin, end, signal, room).catch(cutShort);
  if (bytes.length !== end - begin) {
    throw invalid(source.name, `${end - begin} bytes at ${begin}`, bytes.length);
  }
  return bytes;
}

/** A file that shrank while it was read no longer holds what its header says. */
function cutShort(error: unknown): never {
  if (!(error instanceof EmbeddingError) || error.code !== 'INPUT_INVALID') throw error;
  throw new EmbeddingError('CHECKPOINT_INVALID', error, { cause: error });
}
