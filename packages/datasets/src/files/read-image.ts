import { EmbeddingError } from '@diptych/core';
import type { ByteSource } from '@diptych/files';

/** The most pixels that are decoded by default, unpacked, in 16 bits. */
const maxImageBytes = 2 ** 30;

/** Bytes of an image that is a file or a part of one. */
export async function readImage(
  file: ByteSource,
  [begin, end]: readonly [begin: number, end: number],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (end - begin <= maxImageBytes) return ownBytes(await file.read(begin, end, signal));
  throw new EmbeddingError('IMAGE_TOO_LARGE', {
    where: file.name,
    expected: `an image of at most ${maxImageBytes} bytes`,
    got: end - begin,
  });
}

/** A view would keep all that lies around an image in memory, and be somebody else's to change. */
function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength === bytes.byteLength ? bytes : bytes.slice();
}
