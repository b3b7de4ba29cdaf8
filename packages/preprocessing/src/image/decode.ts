import { EmbeddingError, expectMembers, type ImageBatch, type Preprocessor } from '@diptych/core';
import { type Rgb, checkColour, flatten } from './colour.ts';
import { describe, reasonOf } from './describe.ts';
import type { Header } from './header.ts';
import { readHeader } from './read-header.ts';
import type { Image } from './image.ts';
import {
  type CanvasPixels,
  type EncodedImage,
  type ImageInput,
  type ReadOptions,
  type WaitForBytes,
  asImage,
  checkInput,
  isPixels,
  nameOf,
} from './input.ts';
import { orient } from './orient.ts';
import { room } from './room.ts';
import { type PlatformDecode, decodeStored } from './stored.ts';

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

/** What differs between platforms. */
export interface Platform {
  readonly read: (input: EncodedImage, options: ReadOptions, wait?: WaitForBytes) => Promise<Uint8Array>;
  readonly decode: PlatformDecode;
}

const defaultMaxPixels = 178_956_970;

/** An image file, or pixels as they are, to an `Image`. */
export type DecodeImage = (input: ImageInput, options?: DecodeOptions) => Promise<Image>;

/** `decodeImage` for one platform. */
export function imageDecoder(platform: Platform): DecodeImage {
  return async (input, options = {}) => {
    expectMembers(options, 'decodeImage: options');
    return decode(platform, input, options);
  };
}

/** An image file, or pixels, to a batch of one image; the decoded pixels are held no longer than that takes. */
export type LoadImage = (
  input: ImageInput,
  preprocess: Preprocessor<Image, ImageBatch>,
  options?: DecodeOptions,
) => Promise<ImageBatch>;

/** Pixels of files that are decoded and not preprocessed yet, of all callers together. */
const maxHeldPixels = 1 << 26;

/** Bytes of files that are read and not preprocessed yet, likewise. */
const maxHeldBytes = 1 << 28;

/** For room, before a file is read and once its header says how many pixels there are. */
interface Waits {
  readonly bytes: WaitForBytes;
  readonly pixels: (pixels: number) => Promise<void>;
}

/** `loadImage` for one platform. */
export function imageLoader(platform: Platform): LoadImage {
  const [enterBytes, enterPixels] = [room(maxHeldBytes), room(maxHeldPixels)];
  return async (input, preprocess, options = {}) => {
    expectMembers(options, 'loadImage: options');
    const { signal } = options;
    const places: (() => void)[] = [];
    const waits: Waits = {
      bytes: async (bytes) => void places.push(await enterBytes(bytes, signal)),
      pixels: async (pixels) => void places.push(await enterPixels(pixels, signal)),
    };
    try {
      return await preprocess([await decode(platform, input, options, waits)], signal);
    } finally {
      for (const leave of places) leave();
    }
  };
}

async function decode(platform: Platform, input: ImageInput, options: DecodeOptions, waits?: Waits): Promise<Image> {
  options.signal?.throwIfAborted();
  checkInput(input);
  checkOptions(options);
  const image = isPixels(input) ? readPixels(input, options) : await decodeFile(platform, input, options, waits);
  return options.background ? flatten(image, options.background) : image;
}

function checkOptions({ maxPixels = defaultMaxPixels, background }: DecodeOptions): void {
  if (background) checkColour(background);
  if (maxPixels > 0) return;
  throw new EmbeddingError('INPUT_INVALID', `maxPixels: expected a number over 0, got ${describe(maxPixels)}`);
}

function readPixels(input: CanvasPixels | Image, { onRead }: DecodeOptions): Image {
  const image = asImage(input);
  onRead?.();
  return image;
}

async function decodeFile(
  platform: Platform,
  input: EncodedImage,
  options: DecodeOptions,
  waits: Waits | undefined,
): Promise<Image> {
  const { signal, applyExif = true, maxPixels = defaultMaxPixels, background } = options;
  const bytes = await platform.read(input, options, waits?.bytes);
  signal?.throwIfAborted();
  options.onRead?.();
  const name = nameOf(input);
  const header = checkedHeader(bytes, name, maxPixels);
  await waits?.pixels(header.width * header.height);
  const keyed = background !== undefined;
  const image = await decodeStored(platform.decode, { bytes, header, maxPixels, keyed }).catch((cause: unknown) => {
    throw named(cause, name);
  });
  const orientation = applyExif ? await header.orientation : undefined;
  signal?.throwIfAborted();
  return orientation ? orient(image, orientation) : image;
}

function checkedHeader(bytes: Uint8Array, name: string, maxPixels: number): Header {
  const header = headerOf(bytes, name);
  if (!header) throw new EmbeddingError('IMAGE_INVALID', `${name}: expected PNG, JPEG, WebP, GIF, AVIF, BMP or TIFF`);
  const { width, height } = header;
  if (width * height === 0) throw new EmbeddingError('IMAGE_INVALID', `${name}: has no pixels (${width}x${height})`);
  if (width * height <= maxPixels) return header;
  const got = `${width}x${height} = ${width * height}`;
  throw new EmbeddingError('IMAGE_TOO_LARGE', `${name}: expected at most ${maxPixels} pixels, got ${got}`);
}

function headerOf(bytes: Uint8Array, name: string): Header | undefined {
  try {
    return readHeader(bytes);
  } catch (cause) {
    throw named(cause, name);
  }
}

/** The failure of a decoder as ours, with the name of the input. */
function named(cause: unknown, name: string): EmbeddingError {
  const code = cause instanceof EmbeddingError ? cause.code : 'IMAGE_INVALID';
  return new EmbeddingError(code, `${name}: ${reasonOf(cause)}`, { cause });
}
