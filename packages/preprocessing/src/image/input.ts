import { addressOf, ask, bytesOfBody, EmbeddingError, withoutPasswords } from '@diptych/core';
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

/** Throws for what is no image at all, before anything is read. */
export function checkInput(input: ImageInput): void {
  const value: unknown = input;
  const named = typeof value === 'string' ? value !== '' : value instanceof URL;
  const bytes = value instanceof Blob || value instanceof ArrayBuffer || value instanceof Uint8Array;
  if (named || bytes || (typeof value === 'object' && value !== null && isPixels(value as CanvasPixels))) return;
  const expected = 'an address, a Blob, an ArrayBuffer or Uint8Array with a file, or pixels { data, width, height }';
  throw new EmbeddingError('INPUT_INVALID', `image: expected ${expected}, got ${describe(value)}`);
}

/** Decoded pixels as an `Image` that shares them. */
export function asImage(pixels: CanvasPixels | Image): Image {
  const { data, width, height } = pixels;
  const channels = 'channels' in pixels ? pixels.channels : 4;
  const samples = width * height * channels;
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  const size = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (!bytes || data.length !== samples || !size || ![1, 2, 3, 4].includes(channels)) {
    throw new EmbeddingError(
      'IMAGE_INVALID',
      `${nameOf(pixels)}: expected whole sides and ${samples} bytes in 1 to 4 channels, got ${bytes ? `${data.length}` : describe(data)}`,
    );
  }
  if ('channels' in pixels) return pixels;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}

/** Bytes of a file given as anything but a path. */
export async function readBytes(input: EncodedImage, options: ReadOptions, wait?: WaitForBytes): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return input;
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  if (!(input instanceof Blob)) return download(input, options, wait);
  await wait?.(input.size);
  return new Uint8Array(await input.arrayBuffer());
}

/** Waited for where a server does not say how long an image is. */
const unknownBytes = 2 ** 26;

/** Of an image file from a URL: one of more bytes holds more pixels than are decoded. */
const maxFileBytes = 2 ** 28;

async function download(
  url: string | URL,
  { signal, fetch = globalThis.fetch }: ReadOptions,
  wait?: WaitForBytes,
): Promise<Uint8Array> {
  try {
    const address = addressOf(url);
    const response = await ask(fetch, address.url, { headers: address.headers, ...(signal && { signal }) });
    if (response.ok) {
      await wait?.(Math.min(Number(response.headers.get('content-length')) || unknownBytes, maxFileBytes));
      return await bytesOfBody(response, { limit: maxFileBytes, signal });
    }
    await response.body?.cancel();
    throw new EmbeddingError('NETWORK', `${nameOf(url)}: expected HTTP 200, got ${response.status}`);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof EmbeddingError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddingError('NETWORK', `${nameOf(url)}: could not be fetched: ${reason}`, { cause });
  }
}
