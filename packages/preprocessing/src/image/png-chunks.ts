import { crc32 } from '@diptych/core';
import { latin1 } from './metadata.ts';

/** One chunk of a PNG file. */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Whether the file ends in it. */
  readonly cutOff: boolean;
}

/**
 * Chunks as Pillow reads them: each must be whole up to the first of image data; from there on no checksum is looked
 * at, and the chunks end with `IEND`, the file, or what is no chunk.
 */
export function* pngChunks(bytes: Uint8Array): Generator<PngChunk> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8, imageData = false; ;) {
    const type = latin1(bytes.subarray(at + 4, at + 8));
    if (type === 'IEND') return;
    if (!/^\w{4}$/.test(type)) {
      if (imageData) return;
      throw new Error(`no chunk at byte ${at}`);
    }
    const end = at + 8 + view.getUint32(at);
    imageData ||= type === 'IDAT';
    if (!imageData) checkIntact(bytes, at, end);
    yield { type, data: bytes.subarray(at + 8, end), cutOff: end > bytes.length };
    at = end + 4;
  }
}

function checkIntact(bytes: Uint8Array, at: number, end: number): void {
  if (end + 4 > bytes.length) throw new Error(`the file is cut off at byte ${bytes.length} of ${end + 4}`);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0);
  if (crc32(bytes.subarray(at + 4, end)) === stored) return;
  throw new Error(`checksum of ${latin1(bytes.subarray(at + 4, at + 8))} at byte ${at} does not match`);
}
