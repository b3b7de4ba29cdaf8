import { EmbeddingError, withoutPasswords } from '@diptych/core';
import { checkColour, type Rgb } from './colour.ts';
import { describe } from './describe.ts';
import type { Image } from './image.ts';

/** Pixels of a canvas: four channels, straight alpha. */
export type CanvasPixels = Pick<ImageData, 'data' | 'width' | 'height'>;

/** An image file (path in Node, URL, data URI, bytes) or pixels already decoded. */
export type ImageInput = EncodedImage | CanvasPixels | Image;

/** An image file, or where to find one. */
export type EncodedImage = string | URL | Blob | ArrayBuffer | Uint8Array;

/** How the bytes of an image are fetched. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** How an image becomes pixels. */
export interface DecodeOptions extends ReadOptions {
  /** Turn the pixels upright as EXIF says. Default true. */
  readonly applyExif?: boolean;
  /** Larger images are refused by their header, before any decoding. Default 178,956,970, Pillow's error limit. */
  readonly maxPixels?: number;
  /** Colour to blend transparent pixels over. Default none: alpha is kept, and `toRgb` drops it as Pillow does. */
  readonly background?: Rgb;
  /** Called when the file is read: from here on, all but PNG is decoded beside the thread, where the platform can. */
  readonly onRead?: () => void;
}

/** Waits for room for the bytes of a file, before they are read. */
export type WaitForBytes = (bytes: number) => Promise<void>;

/** How messages name an input. */
export function nameOf(input: ImageInput): string {
  if (typeof input === 'string' || input instanceof URL) {
    const text = withoutPasswords(String(input).slice(0, 2000));
    return text.length > 200 ? `${text.slice(0, 60)}…` : text;
  }
  if (isPixels(input)) return `pixels of ${input.width}x${input.height}`;
  if (input instanceof Blob) return 'name' in input ? String(input.name) : `image of ${input.size} bytes`;
  return `image of ${input.byteLength} bytes`;
}

export function isPixels(input: ImageInput): input is CanvasPixels | Image {
  return typeof input === 'object' && 'data' in input && 'width' in input;
}

/** Whether a value is an image, by its kind alone. */
export function isImageInput(value: unknown): value is ImageInput {
  if (typeof value === 'string') return value !== '';
  const bytes = value instanceof Blob || value instanceof ArrayBuffer || value instanceof Uint8Array;
  return bytes || value instanceof URL || (typeof value === 'object' && value !== null && isPixels(value as Image));
}

/** Throws for what is no image at all, before anything is read. */
export function checkInput(input: ImageInput): void {
  const value: unknown = input;
  if (isImageInput(value)) return;
  const expected = 'an address, a Blob, an ArrayBuffer or Uint8Array with a file, or pixels { data, width, height }';
  throw new EmbeddingError('INPUT_INVALID', { where: 'image', expected, got: describe(value) });
}

/** Decoded pixels as an `Image` that shares them. */
export function asImage(pixels: CanvasPixels | Image): Image {
  const { data, width, height } = pixels;
  const channels = 'channels' in pixels ? pixels.channels : 4;
  const samples = width * height * channels;
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  const size = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (!bytes || data.length !== samples || !size || ![1, 2, 3, 4].includes(channels)) {
    throw new EmbeddingError('IMAGE_INVALID', {
      where: nameOf(pixels),
      expected: `whole sides and ${samples} bytes in 1 to 4 channels`,
      got: bytes ? `${data.length}` : describe(data),
    });
  }
  if ('channels' in pixels) return pixels;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}

export const defaultMaxPixels = 178_956_970;

/** Throws for options that no image can be decoded with. */
export function checkOptions({ maxPixels = defaultMaxPixels, background }: DecodeOptions): void {
  if (background) checkColour(background);
  if (maxPixels > 0) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'maxPixels',
    expected: 'a number over 0',
    got: describe(maxPixels),
  });
}
