/** Deflate expands no byte further than this. */
const maxRatio = 1032;

/** Exactly `size` bytes of a zlib stream. Throws when it holds fewer; what follows them is not expanded. */
export async function inflate(parts: readonly Uint8Array[], size: number): Promise<Uint8Array> {
  const stored = parts.reduce((sum, part) => sum + part.length, 0);
  if (size > stored * maxRatio) throw new Error(`${stored} bytes cannot hold the ${size} of the image`);
  const blob = new Blob([...parts] as BlobPart[]);
  const reader = blob.stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const out = new Uint8Array(size);
  for (let at = 0; at < size;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`pixel data ends after ${at} of ${size} bytes`);
    const part = value.subarray(0, size - at);
    out.set(part, at);
    at += part.length;
  }
  await reader.cancel().catch(() => {});
  return out;
}
