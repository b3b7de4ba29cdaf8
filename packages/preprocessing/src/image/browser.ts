import { EmbeddingError } from '@diptych/core';
import { toRgbInPlace } from './colour.ts';
import { type DecodeImage, imageDecoder } from './decode.ts';
import { withoutOrientation } from './exif.ts';
import type { Header } from './header.ts';
import type { Image } from './image.ts';
import { readBytes } from './input.ts';

/**
 * Pixels of an image file, or of pixels given as they are. For Node see `@diptych/preprocessing/node`.
 *
 * PNG is decoded here, the same on every platform; JPEG, WebP, GIF and AVIF by the browser, without colour management.
 * A browser forgets colour under fully transparent WebP, GIF and AVIF pixels.
 *
 * @param input A string is a URL or a data URI.
 * @throws {EmbeddingError} `IMAGE_INVALID` when the data are damaged, cut off or of another format, `IMAGE_TOO_LARGE`
 *   over `maxPixels`, `NETWORK` when a URL cannot be read, `UNSUPPORTED` where the platform has no decoder.
 */
export const decodeImage: DecodeImage = imageDecoder({ read: readBytes, decode: decodeInBrowser });

async function decodeInBrowser(bytes: Uint8Array, header: Header): Promise<Image> {
  if (typeof createImageBitmap === 'undefined' || typeof OffscreenCanvas === 'undefined') {
    const advice = "in Node import decodeImage from '@diptych/preprocessing/node'";
    throw new EmbeddingError('UNSUPPORTED', `this platform has no ${header.format} decoder; ${advice}`);
  }
  const file = header.orientation ? withoutOrientation(bytes, header.orientation) : new Uint8Array(bytes);
  const bitmap = await createImageBitmap(new Blob([file], { type: `image/${header.format}` }), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
  });
  try {
    return pixelsOf(bitmap, header);
  } finally {
    bitmap.close();
  }
}

function pixelsOf(bitmap: ImageBitmap, { format }: Header): Image {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new EmbeddingError('UNSUPPORTED', `the browser has no canvas of ${width}x${height}`);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const rgba = { data: new Uint8Array(data.buffer), width, height, channels: 4 } as const;
  if (format === 'jpeg') return toRgbInPlace(rgba);
  return format === 'gif' ? { ...rgba, indexed: true } : rgba;
}
