import type { Rgb } from './colour.ts';
import type { Image } from './image.ts';

/** Pixels of a canvas, as `ImageData` has them: four channels, straight alpha. */
export interface CanvasPixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

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
