import {
  checkSignal,
  EmbeddingError,
  expectMembers,
  type ImageBatch,
  kindOf,
  type Preprocessor,
  withoutPasswords,
} from '@diptych/core';
import { checkColour, flatten } from './colour.ts';
import { reasonOf } from './reason-of.ts';
import type { Header } from './header.ts';
import { type Image, orient } from './image.ts';
import { decodeStored, type PlatformDecode, readHeader } from './formats.ts';
import type { CanvasPixels, DecodeOptions, EncodedImage, ImageInput, ReadOptions, WaitForBytes } from './input.ts';

/** What differs between platforms. */
export interface Platform {
  readonly read: (input: EncodedImage, options: ReadOptions, wait?: WaitForBytes) => Promise<Uint8Array>;
  readonly decode: PlatformDecode;
}

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
  checkSignal(options.signal);
  checkInput(input);
  checkOptions(options);
  const image = isPixels(input) ? readPixels(input, options) : await decodeFile(platform, input, options, waits);
  return options.background ? flatten(image, options.background) : image;
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
  checkSignal(signal);
  options.onRead?.();
  const named = naming(input);
  const header = headerOf(bytes, maxPixels, named);
  await waits?.pixels(header.width * header.height);
  const keyed = background !== undefined;
  const image = await decodeStored(platform.decode, { bytes, header, maxPixels, keyed }).catch(named);
  const orientation = applyExif ? await header.orientation : undefined;
  checkSignal(signal);
  return orientation ? orient(image, orientation) : image;
}

/**
 * Sides of an image file as its pixels are stored, from its header alone.
 *
 * @throws {EmbeddingError} `IMAGE_INVALID` for another format, no pixels, or a header that is damaged or cut off.
 */
export function imageSize(file: Uint8Array): { readonly width: number; readonly height: number } {
  if (!(file instanceof Uint8Array)) {
    throw new EmbeddingError('INPUT_INVALID', { where: 'imageSize', expected: 'a Uint8Array', got: kindOf(file) });
  }
  const { width, height } = headerOf(file, Infinity, naming(file));
  return { width, height };
}

function headerOf(bytes: Uint8Array, maxPixels: number, named: (cause: unknown) => never): Header {
  try {
    return readHeader(bytes, maxPixels);
  } catch (cause) {
    return named(cause);
  }
}

/** Throws the failure of a reader or a decoder as ours, with the name of the input. */
function naming(input: EncodedImage): (cause: unknown) => never {
  return (cause) => {
    const where = nameOf(input);
    if (cause instanceof EmbeddingError) {
      const { code, expected, got, cure } = cause;
      throw new EmbeddingError(code, { where, expected, got, cure }, { cause });
    }
    throw new EmbeddingError('IMAGE_INVALID', { where, expected: 'a whole image', got: reasonOf(cause) }, { cause });
  };
}

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

function isPixels(input: ImageInput): input is CanvasPixels | Image {
  return typeof input === 'object' && 'data' in input && 'width' in input;
}

/** Whether a value is an image, by its kind alone. */
export function isImageInput(value: unknown): value is ImageInput {
  if (typeof value === 'string') return value !== '';
  const bytes = value instanceof Blob || value instanceof ArrayBuffer || value instanceof Uint8Array;
  return bytes || value instanceof URL || (typeof value === 'object' && value !== null && isPixels(value as Image));
}

/** Throws for what is no image at all, before anything is read. */
function checkInput(input: ImageInput): void {
  const value: unknown = input;
  if (isImageInput(value)) return;
  const expected = 'an address, a Blob, an ArrayBuffer or Uint8Array with a file, or pixels { data, width, height }';
  throw new EmbeddingError('INPUT_INVALID', { where: 'image', expected, got: kindOf(value) });
}

/** Decoded pixels as an `Image` that shares them. */
function asImage(pixels: CanvasPixels | Image): Image {
  const { data, width, height } = pixels;
  const channels = 'channels' in pixels ? pixels.channels : 4;
  const samples = width * height * channels;
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  const size = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (!bytes || data.length !== samples || !size || ![1, 2, 3, 4].includes(channels)) {
    throw new EmbeddingError('IMAGE_INVALID', {
      where: nameOf(pixels),
      expected: `whole sides and ${samples} bytes in 1 to 4 channels`,
      got: bytes ? `${data.length}` : kindOf(data),
    });
  }
  if ('channels' in pixels) return pixels;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}

const defaultMaxPixels = 178_956_970;

/** Throws for options that no image can be decoded with. */
function checkOptions({ maxPixels = defaultMaxPixels, background }: DecodeOptions): void {
  if (background) checkColour(background);
  if (maxPixels > 0) return;
  throw new EmbeddingError('INPUT_INVALID', {
    where: 'maxPixels',
    expected: 'a number over 0',
    got: kindOf(maxPixels),
  });
}

/** Takes a place of some size, once there is room; the function it gives returns the place. */
type Enter = (size: number, signal?: AbortSignal) => Promise<() => void>;

interface Waiting {
  readonly size: number;
  readonly enter: () => void;
}

/**
 * Room for so much at a time, in the order of asking. What is larger than all the room waits until it is alone.
 *
 * Who waits rejects with `signal.reason` when aborted.
 */
export function room(size: number): Enter {
  const waiting: Waiting[] = [];
  let used = 0;
  const admit = () => {
    for (let [first] = waiting; first && (used === 0 || used + first.size <= size); [first] = waiting) {
      waiting.shift();
      used += first.size;
      first.enter();
    }
  };
  return async (wanted, signal) => {
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const place = { size: wanted, enter };
      const leave = () => {
        waiting.splice(waiting.indexOf(place), 1);
        reject(signal!.reason as Error);
        admit();
      };
      signal?.addEventListener('abort', leave, { once: true });
      waiting.push(place);
      admit();
    });
    return () => {
      used -= wanted;
      admit();
    };
  };
}
