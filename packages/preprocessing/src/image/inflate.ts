/** Deflate expands no byte further than this. */
const maxRatio = 1032;

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
  const blob = new Blob([...parts] as BlobPart[]);
  const reader = readerOf(blob);
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
    return inflateDamaged(new Uint8Array(await blob.arrayBuffer()), size, cutOff);
  }
  await reader.cancel().catch(() => {});
  if (at < size) throw new Error(`pixel data ends after ${at} of ${size} bytes`);
  return out;
}

/** All bytes of a zlib stream. Throws beyond `limit`. */
export async function inflateAll(data: Uint8Array, limit: number): Promise<Uint8Array> {
  const reader = readerOf(new Blob([new Uint8Array(data)]));
  const parts: Uint8Array[] = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
    parts.push(value);
    size += value.length;
    if (size <= limit) continue;
    await reader.cancel().catch(() => {});
    throw new Error(`expected at most ${limit} bytes`);
  }
}

function readerOf(blob: Blob): ReadableStreamDefaultReader<Uint8Array> {
  return blob.stream().pipeThrough(new DecompressionStream('deflate')).getReader();
}
