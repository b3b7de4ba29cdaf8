import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkSignal, EmbeddingError } from '@diptych/core';
import { readFileBytes } from '@diptych/core/node';
import type { SharpOptions } from 'sharp';
import { cmykToRgb } from '../image/colour.ts';
import { type DecodeImage, imageDecoder, imageLoader, type LoadImage, nameOf } from '../image/decode.ts';
import { reasonOf } from '../image/reason-of.ts';
import type { Header } from '../image/header.ts';
import type { Image } from '../image/image.ts';
import type { EncodedImage, ReadOptions, WaitForBytes } from '../image/input.ts';
import { asStillAvif } from '../image/iso-media.ts';
import { readBytes } from '../image/read-bytes.ts';

/**
 * Pixels of an image file, or of pixels given as they are, in Node.
 *
 * PNG, GIF, BMP and TIFF are decoded by the package; other formats by `sharp` where it is installed, else JPEG and WebP
 * by WebAssembly, and AVIF by `@jsquash/avif` where that is. Neither manages colour. TIFF with JPEG or fax data needs
 * `sharp`, and HEIC a build of `sharp` that has it.
 *
 * @param input A string is a path, a URL or a data URI; `file:` URLs are paths.
 * @throws {EmbeddingError} `NOT_FOUND` when a path cannot be read, `IMAGE_INVALID` when the data are damaged, cut off
 *   or of another format, `IMAGE_TOO_LARGE` over `maxPixels`, `NETWORK` when a URL cannot be read, `UNSUPPORTED` when
 *   only `sharp` could decode it, `INPUT_INVALID` when it is no image at all.
 */
export const decodeImage: DecodeImage = imageDecoder({ read: readFileOrUrl, decode: decodeInNode });

/**
 * `decodeImage` and the preprocessing of what it gives, at once: of all files that are decoded at a time, no more than 67
 * megapixels are held, or one file alone, and 268 MB of encoded bytes; a URL without a length counts as 67 MB.
 */
export const loadImage: LoadImage = imageLoader({ read: readFileOrUrl, decode: decodeInNode });

/** Whether an image is read over a network. */
export function isFar(image: unknown): boolean {
  return (typeof image === 'string' || image instanceof URL) && /^https?:/i.test(String(image));
}

async function decodeInNode(bytes: Uint8Array, header: Header, maxPixels: number): Promise<Image> {
  const image = await decodeWithSharp(bytes, header, maxPixels);
  if (image) return image;
  const { decodeWithWasm } = await import('./wasm.ts');
  return decodeWithWasm(bytes, header);
}

/** Bytes of a path, a URL, or what `readBytes` takes. */
export function readFileOrUrl(input: EncodedImage, options: ReadOptions, wait?: WaitForBytes): Promise<Uint8Array> {
  if (typeof input !== 'string' && !(input instanceof URL)) return readBytes(input, options, wait);
  const text = String(input);
  if (/^(https?|data|blob):/i.test(text)) return readBytes(input, options, wait);
  return readPath(text, options, wait);
}

async function readPath(path: string, { signal }: ReadOptions, wait?: WaitForBytes): Promise<Uint8Array> {
  try {
    const file = /^file:/i.test(path) ? fileURLToPath(path) : path;
    if (wait) await wait(Math.min((await stat(file)).size, maxFileBytes));
    return await readFileBytes(file, { code: 'IMAGE_TOO_LARGE', maxBytes: maxFileBytes }, signal);
  } catch (cause) {
    checkSignal(signal);
    if (cause instanceof EmbeddingError) throw cause;
    const problem = { where: nameOf(path), expected: 'a readable file', got: cause };
    throw new EmbeddingError('NOT_FOUND', problem, { cause });
  }
}

/** The most pixels that are decoded by default, unpacked, in 16 bits. */
const maxFileBytes = 2 ** 30;

/** `sharp` where it is installed and runs, else `undefined`. */
async function loadSharp(): Promise<(typeof import('sharp'))['default'] | undefined> {
  try {
    return (await import('sharp')).default;
  } catch {
    return undefined;
  }
}

/** Stored pixels of the first frame by libvips, without colour management; `undefined` where `sharp` is not installed. */
export async function decodeWithSharp(
  bytes: Uint8Array,
  header: Header,
  maxPixels: number,
): Promise<Image | undefined> {
  const sharp = await loadSharp();
  if (!sharp) return undefined;
  const { format, cmyk, fax, indexed } = header;
  const limitInputPixels = Math.min(maxPixels, Number.MAX_SAFE_INTEGER);
  // Of JPEG in TIFF that cannot be read, libvips would make something.
  const failOn = format === 'tiff' && !fax ? 'error' : 'truncated';
  const options: SharpOptions = { limitInputPixels, failOn, ignoreIcc: true, sequentialRead: true };
  const file = sharp(format === 'avif' ? asStillAvif(bytes) : bytes, options);
  const pipeline = cmyk ? file.pipelineColourspace('cmyk').toColourspace('cmyk') : file;
  const { data, info } = await pipeline
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw format === 'heic' ? noHeic(cause) : cause;
    });
  const { width, height, channels } = info;
  if (cmyk) return { data: cmykToRgb(data), width, height, channels: 3 };
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { data: pixels, width, height, channels, ...(indexed && { indexed }) };
}

/** Builds of sharp from npm lack the decoder, for its patents. */
function noHeic(cause: unknown): EmbeddingError {
  const cure = 'convert it to JPEG, or build sharp from source against a libvips with libheif and libde265';
  const problem = { where: 'image', expected: 'a build of sharp that decodes HEIC', got: reasonOf(cause), cure };
  return new EmbeddingError('UNSUPPORTED', problem, { cause });
}
