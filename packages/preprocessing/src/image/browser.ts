import { EmbeddingError } from '@diptych/core';
import { type DecodeImage, imageDecoder, imageLoader, type LoadImage } from './decode.ts';
import type { Header } from './header.ts';
import { type Image, orient, toRgbInPlace } from './image.ts';
import { readBytes } from './read-bytes.ts';
import { asStillAvif } from './iso-media.ts';
import { decodeStraight } from './straight-alpha.ts';

/**
 * Pixels of an image file, or of pixels given as they are. For Node see `@diptych/preprocessing/node`.
 *
 * PNG, GIF, BMP and TIFF are decoded here, the same on every platform; JPEG, WebP and AVIF by the browser, without colour management.
 * A browser forgets colour under fully transparent WebP and AVIF pixels.
 *
 * @param input A string is a URL or a data URI.
 * @throws {EmbeddingError} `IMAGE_INVALID` when the data are damaged, cut off or of another format, `IMAGE_TOO_LARGE`
 *   over `maxPixels`, `NETWORK` when a URL cannot be read, `UNSUPPORTED` where the platform has no decoder.
 */
export const decodeImage: DecodeImage = imageDecoder({ read: readBytes, decode: decodeInBrowser });

/**
 * `decodeImage` and the preprocessing of what it gives, at once: of all files that are decoded at a time, no more than 67
 * megapixels are held, or one file alone, and 268 MB of encoded bytes; a URL without a length counts as 67 MB.
 */
export const loadImage: LoadImage = imageLoader({ read: readBytes, decode: decodeInBrowser });

/** Whether an image is read over a network: what names one in a page is an address, relative or not. */
export function isFar(image: unknown): boolean {
  return (typeof image === 'string' || image instanceof URL) && !/^(data|blob):/i.test(String(image));
}

async function decodeInBrowser(bytes: Uint8Array, header: Header): Promise<Image> {
  if (typeof createImageBitmap === 'undefined' || typeof OffscreenCanvas === 'undefined') {
    throw new EmbeddingError('UNSUPPORTED', {
      where: 'image',
      expected: `a decoder of ${header.format}`,
      got: 'none on this platform',
      cure: "in Node import decodeImage from '@diptych/preprocessing/node'",
    });
  }
  const file = header.format === 'avif' ? asStillAvif(bytes) : new Uint8Array(bytes);
  for (const at of header.exifAt ?? []) file[at] = 0;
  const type = `image/${header.format}`;
  const straight = header.alpha ? await decodeStraight(file, type) : undefined;
  if (straight) return orient(straight, header.turnedBy ?? 1);
  const bitmap = await createImageBitmap(new Blob([file], { type }), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  }).catch((cause: unknown) => {
    throw rare.includes(header.format) ? undecoded(header.format, cause) : cause;
  });
  try {
    return pixelsOf(bitmap, header);
  } finally {
    bitmap.close();
  }
}

/** Formats that few browsers decode. */
const rare: readonly Header['format'][] = ['heic', 'tiff'];

function undecoded(format: Header['format'], cause: unknown): EmbeddingError {
  const expected = `a ${format.toUpperCase()} that this browser decodes`;
  const problem = { where: 'image', expected, got: 'another', cure: 'convert it to JPEG or PNG' };
  return new EmbeddingError('UNSUPPORTED', problem, { cause });
}

function pixelsOf(bitmap: ImageBitmap, { format }: Header): Image {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new EmbeddingError('UNSUPPORTED', {
      where: 'image',
      expected: `a canvas of ${width}x${height}`,
      got: 'none',
    });
  }
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const rgba = { data: new Uint8Array(data.buffer), width, height, channels: 4 } as const;
  return format === 'jpeg' ? toRgbInPlace(rgba) : rgba;
}
