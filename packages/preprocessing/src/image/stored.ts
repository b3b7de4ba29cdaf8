import type { Header } from './header.ts';
import type { Image } from './image.ts';
import { decodePng } from './png.ts';
import { firstFrame, onCanvas } from './webp.ts';

/** Pixels as stored, of the formats that the platform has a decoder for. */
export type PlatformDecode = (bytes: Uint8Array, header: Header, maxPixels: number) => Promise<Image>;

/** A file whose header has been read. */
interface StoredImage {
  readonly bytes: Uint8Array;
  readonly header: Header;
  readonly maxPixels: number;
  /** Whether a transparent colour becomes an alpha channel. */
  readonly keyed: boolean;
}

/** Pixels before they are turned upright. Formats that browsers rarely have, or read otherwise, are read here. */
export async function decodeStored(decode: PlatformDecode, image: StoredImage): Promise<Image> {
  const { bytes, header, maxPixels, keyed } = image;
  switch (header.format) {
    case 'png':
      return decodePng(bytes, keyed);
    case 'gif':
      return (await import('./gif.ts')).decodeGif(bytes, keyed);
    case 'bmp':
      return (await import('./bmp.ts')).decodeBmp(bytes);
    case 'tiff':
      return (await (await import('./tiff.ts')).decodeTiff(bytes)) ?? decode(bytes, header, maxPixels);
    default:
      return header.animated ? decodeFrame(decode, image) : decode(bytes, header, maxPixels);
  }
}

async function decodeFrame(decode: PlatformDecode, { bytes, header, maxPixels }: StoredImage): Promise<Image> {
  const frame = firstFrame(bytes);
  const image = await decode(frame.file, { ...header, exifAt: [] }, maxPixels);
  return onCanvas(image, frame, header);
}
