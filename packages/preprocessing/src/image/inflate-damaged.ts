import { Inflate, inflateSync } from 'fflate';

/**
 * `size` bytes of a zlib stream that the platform refuses, since it ends early or something follows it. Throws where
 * Pillow does: too few bytes, codes that do not exist, or a whole checksum that is wrong.
 */
export function inflateDamaged(stored: Uint8Array, size: number, cutOff: boolean): Uint8Array {
  const out = new Uint8Array(size);
  let at = 0;
  const stream = new Inflate((part) => {
    out.set(part.subarray(0, Math.max(0, size - at)), Math.min(at, size));
    at += part.length;
  });
  const packed = stored.subarray(2);
  // Not the last part, whatever comes: what has been inflated is then handed over.
  stream.push(packed, false);
  if (at < size) throw new Error(`pixel data ends after ${at} of ${size} bytes`);
  const whole = endsBefore(packed, packed.length - 4);
  if (at > size || (whole ? holds(stored, adler32(out)) : cutOff)) return out;
  throw new Error(whole ? 'the checksum of the pixel data does not match' : 'the pixel data are damaged');
}

/** Whether the stream is whole in its first `length` bytes. */
function endsBefore(packed: Uint8Array, length: number): boolean {
  try {
    inflateSync(packed.subarray(0, Math.max(0, length)));
    return true;
  } catch {
    return false;
  }
}

function holds(bytes: Uint8Array, word: number): boolean {
  const first = word >>> 24;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = bytes.lastIndexOf(first); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(first, at - 1)) {
    if (at + 4 <= bytes.length && view.getUint32(at) === word) return true;
  }
  return false;
}

/** Checksum of zlib, RFC 1950. */
function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}
