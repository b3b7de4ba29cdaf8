import { EmbeddingError } from '@diptych/core';
import { readBmpHeader } from './bmp-header.ts';
import { readGifFrame } from './gif-frame.ts';
import type { Header } from './header.ts';
import type { Image } from './image.ts';
import { startsWith } from './metadata.ts';
import { readIsoMedia } from './iso-media.ts';
import { readJpeg } from './jpeg.ts';
import { readPngFile } from './png-file.ts';
import { pngOrientation } from './png-metadata.ts';
import { decodePng } from './png.ts';
import { readTiffHeader } from './tiff-header.ts';
import { firstFrame, onCanvas, readWebp } from './webp.ts';

/**
 * Format, size and orientation of a file.
 *
 * @throws {EmbeddingError} `IMAGE_INVALID` for another format or no pixels, `IMAGE_TOO_LARGE` over `maxPixels`; what a
 *   reader says of a header that is cut off or damaged is its own.
 */
export function readHeader(bytes: Uint8Array, maxPixels: number): Header {
  const header = headerOf(bytes);
  if (!header) {
    const expected = 'PNG, JPEG, WebP, GIF, AVIF, BMP or TIFF';
    throw new EmbeddingError('IMAGE_INVALID', { where: 'image', expected, got: 'other bytes' });
  }
  const { width, height } = header;
  if (width * height === 0) {
    throw new EmbeddingError('IMAGE_INVALID', { where: 'image', expected: 'pixels', got: `${width}x${height}` });
  }
  if (width * height <= maxPixels) return header;
  const got = `${width}x${height} = ${width * height}`;
  throw new EmbeddingError('IMAGE_TOO_LARGE', { where: 'image', expected: `at most ${maxPixels} pixels`, got });
}

/** `undefined` for bytes of another format. */
function headerOf(bytes: Uint8Array): Header | undefined {
  const format = formats.find(({ magic, at }) => startsWith(bytes, magic, at));
  try {
    return format?.read(bytes);
  } catch (cause) {
    // What a DataView says of an offset beyond its end.
    if (cause instanceof RangeError) throw new Error(`the file is cut off: it ends in its header`, { cause });
    throw cause;
  }
}

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

const formats: readonly {
  readonly magic: readonly number[];
  readonly at: number;
  readonly read: (bytes: Uint8Array) => Header | undefined;
}[] = [
  { magic: [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a], at: 0, read: readPng },
  { magic: [0xff, 0xd8, 0xff], at: 0, read: readJpeg },
  { magic: ascii('WEBP'), at: 8, read: readWebp },
  { magic: ascii('GIF8'), at: 0, read: readGif },
  { magic: ascii('ftyp'), at: 4, read: readIsoMedia },
  { magic: ascii('BM'), at: 0, read: (bytes) => ({ format: 'bmp', ...sizeOf(readBmpHeader(bytes)) }) },
  { magic: ascii('II'), at: 0, read: readTiffHeader },
  { magic: ascii('MM'), at: 0, read: readTiffHeader },
];

function readPng(bytes: Uint8Array): Header {
  const { others, ...png } = readPngFile(bytes);
  return { format: 'png', ...sizeOf(png), orientation: pngOrientation(others) };
}

/** Of a file that ends before its frame, the screen: decoding says what is missing. */
function readGif(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  try {
    return { format: 'gif', ...sizeOf(readGifFrame(bytes)) };
  } catch {
    return { format: 'gif', ...screen };
  }
}

function sizeOf({ width, height }: Pick<Header, 'width' | 'height'>): Pick<Header, 'width' | 'height'> {
  return { width, height };
}

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
