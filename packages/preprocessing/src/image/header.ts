/** What a file says about its image before any pixel is decoded. */
export interface Header {
  readonly format: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'heic' | 'bmp' | 'tiff';
  readonly width: number;
  readonly height: number;
  /** 2 to 8 as in EXIF; absent where pixels are stored upright. Of AVIF, what its decoders leave to do. */
  readonly orientation?: number | undefined | Promise<number | undefined>;
  /** Offsets of what makes a decoder turn pixels by EXIF; without the byte there it does not (JPEG, WebP). */
  readonly exifAt?: readonly number[];
  /** How decoders turn the pixels by themselves, whatever is asked for, 1 to 8 (AVIF). */
  readonly turnedBy?: number;
  /** Four inks instead of three colours (JPEG, TIFF). */
  readonly cmyk?: boolean;
  /** Fax data (TIFF), of which words without a meaning are passed over. */
  readonly fax?: boolean;
  /** Some pixels may be transparent (WebP, AVIF). */
  readonly alpha?: boolean;
  /** More than one frame (WebP). */
  readonly animated?: boolean;
  /** From a palette or one bit a pixel (TIFF). */
  readonly indexed?: boolean;
}

/** Whether the bytes at `at` are these. */
export function startsWith(bytes: Uint8Array, start: readonly number[], at = 0): boolean {
  return start.every((byte, i) => bytes[at + i] === byte);
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The parts in one piece: shared where there is one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
