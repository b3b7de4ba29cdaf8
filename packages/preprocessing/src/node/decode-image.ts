import { type DecodeImage, imageDecoder, imageLoader, type LoadImage } from '../image/decode.ts';
import type { Header } from '../image/header.ts';
import type { Image } from '../image/image.ts';
import { readFileOrUrl } from './read.ts';

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

async function decodeInNode(bytes: Uint8Array, header: Header, maxPixels: number): Promise<Image> {
  const { decodeWithSharp, loadSharp } = await import('./sharp.ts');
  const sharp = await loadSharp();
  if (sharp) return decodeWithSharp(sharp, bytes, header, maxPixels);
  const { decodeWithWasm } = await import('./wasm.ts');
  return decodeWithWasm(bytes, header);
}
