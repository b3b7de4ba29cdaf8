import type { Sharp, SharpOptions } from 'sharp';
import { EmbeddingError } from '@diptych/core';
import { cmykToRgb } from '../image/colour.ts';
import { reasonOf } from '../image/describe.ts';
import type { Header } from '../image/header.ts';
import type { Image } from '../image/image.ts';
import { asStillAvif } from '../image/iso-media.ts';

type SharpFactory = (input: Uint8Array, options: SharpOptions) => Sharp;

/** `sharp` where it is installed and runs, else `undefined`. */
export async function loadSharp(): Promise<SharpFactory | undefined> {
  try {
    return (await import('sharp')).default;
  } catch {
    return undefined;
  }
}

/** Stored pixels of the first frame by libvips, without colour management. */
export async function decodeWithSharp(
  sharp: SharpFactory,
  bytes: Uint8Array,
  header: Header,
  maxPixels: number,
): Promise<Image> {
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
      throw format === 'heic' ? new EmbeddingError('UNSUPPORTED', heicAdvice(cause), { cause }) : cause;
    });
  const { width, height, channels } = info;
  if (cmyk) return { data: cmykToRgb(data), width, height, channels: 3 };
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { data: pixels, width, height, channels, ...(indexed && { indexed }) };
}

/** Builds of sharp from npm lack the decoder, for its patents. */
function heicAdvice(cause: unknown): string {
  const cure = 'convert it to JPEG, or build sharp from source against a libvips with libheif and libde265';
  return `this build of sharp does not decode HEIC (${reasonOf(cause)}); ${cure}`;
}
