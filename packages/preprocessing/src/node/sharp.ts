import type { Sharp, SharpOptions } from 'sharp';
import { cmykToRgb } from '../image/colour.ts';
import type { Header } from '../image/header.ts';
import type { Image } from '../image/image.ts';

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
  { format, cmyk }: Header,
  maxPixels: number,
): Promise<Image> {
  const limitInputPixels = Math.min(maxPixels, Number.MAX_SAFE_INTEGER);
  const file = sharp(bytes, { limitInputPixels, failOn: 'truncated', ignoreIcc: true, sequentialRead: true });
  const pipeline = cmyk ? file.pipelineColourspace('cmyk').toColourspace('cmyk') : file;
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (cmyk) return { data: cmykToRgb(data), width, height, channels: 3 };
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { data: pixels, width, height, channels, ...(format === 'gif' && { indexed: true }) };
}
