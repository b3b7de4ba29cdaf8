import { joined } from './metadata.ts';

/** Deflate expands no byte further than this. */
const maxRatio = 1032;
const pieceBytes = 65_536;

/**
 * Exactly `size` bytes of a zlib stream. Throws when it holds fewer, or a checksum that is wrong. As by Pillow, what
 * follows the stream is left alone.
 *
 * @param cutOff Whether the end of the stream, and the checksum, may be missing.
 */
export async function inflate(parts: readonly Uint8Array[], size: number, cutOff: boolean): Promise<Uint8Array> {
  const stored = parts.reduce((sum, part) => sum + part.length, 0);
  if (size > stored * maxRatio) throw new Error(`${stored} bytes cannot hold the ${size} of the image`);
  const out = new Uint8Array(size);
  const reader = readerOf(parts);
  let at = 0;
  try {
    // One read beyond the last byte: the checksum is looked at then.
    for (let done = false; !done && at <= size;) {
      const next = await reader.read();
      ({ done } = next);
      if (next.value && at < size) out.set(next.value.subarray(0, size - at), at);
      at += next.value?.length ?? 0;
    }
  } catch {
    const { inflateDamaged } = await import('./inflate-damaged.ts');
    return inflateDamaged(joined(parts), size, cutOff);
  }
  await reader.cancel().catch(() => {});
  if (at < size) throw new Error(`pixel data ends after ${at} of ${size} bytes`);
  return out;
}

/** All bytes of a zlib stream. Throws beyond `limit`. */
export async function inflateAll(data: Uint8Array, limit: number): Promise<Uint8Array> {
  const reader = readerOf([data]);
  const parts: Uint8Array[] = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts);
    parts.push(value);
    size += value.length;
    if (size <= limit) continue;
    await reader.cancel().catch(() => {});
    throw new Error(`over ${limit} bytes`);
  }
}

/** By no `Blob`: that of jsdom has no stream. */
function readerOf(parts: readonly Uint8Array[]): ReadableStreamDefaultReader<Uint8Array> {
  const waiting = pieces(parts);
  const stored = new ReadableStream<BufferSource>({
    pull(controller) {
      const { done, value } = waiting.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
  return stored.pipeThrough(new DecompressionStream('deflate')).getReader();
}

/** Small enough that what one is inflated to needs little memory: a copy, since a stream may take what it is given. */
function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array<ArrayBuffer>, undefined> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += pieceBytes) yield part.slice(at, at + pieceBytes);
  }
}
