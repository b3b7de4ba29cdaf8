import type { Header } from './header.ts';
import { orientationOf, readTiffDirectory, tiffNumbers } from './metadata.ts';

const tags = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  stripSizes: 279,
  palette: 320,
  extraSamples: 338,
  sampleFormat: 339,
  xmp: 700,
};

/** How a TIFF file stores the pixels of its first image. */
export interface TiffLayout {
  readonly bits: readonly number[];
  readonly compression: number;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 Lab. */
  readonly photometric: number;
  readonly reversedBits: boolean;
  /** Byte behind the last one of pixels stored in strips, 0 without any. */
  readonly stripsEnd: number;
  readonly samples: number;
  /** All reds, greens, then blues, 16 bits each. */
  readonly palette: readonly number[];
  /** 0 of no meaning, 1 alpha that colours are multiplied by, 2 alpha. */
  readonly extraSamples: readonly number[];
  /** 1 unsigned, 2 signed, 3 floating point. */
  readonly sampleFormat: number;
}

/** Packings by CCITT T.4, its Group 3, and T.6. */
const fax = [2, 3, 4];

/** Header of a TIFF file; `undefined` when it is none. */
export function readTiffHeader(bytes: Uint8Array): Header | undefined {
  const directory = readTiffDirectory(bytes);
  if (!directory) return undefined;
  const [width = 0] = tiffNumbers(directory, tags.width);
  const [height = 0] = tiffNumbers(directory, tags.height);
  const { bits, compression, photometric } = readTiffLayout(bytes);
  return {
    format: 'tiff',
    width,
    height,
    orientation: orientationOf({ exif: bytes, xmp: directory.entries.get(tags.xmp)?.data }),
    cmyk: photometric === 5,
    fax: fax.includes(compression),
    ...((photometric === 3 || bits[0] === 1) && { indexed: true }),
  };
}

export function readTiffLayout(bytes: Uint8Array): TiffLayout {
  const directory = readTiffDirectory(bytes)!;
  const values = (tag: number) => tiffNumbers(directory, tag);
  const first = (tag: number, without: number) => values(tag)[0] ?? without;
  const samples = first(tags.samples, 1);
  const stored = values(tags.bits);
  const stripSizes = values(tags.stripSizes);
  const bits = stored.length > 1 ? stored.slice(0, samples) : Array.from({ length: samples }, () => stored[0] ?? 1);
  return {
    bits,
    samples,
    compression: first(tags.compression, 1),
    photometric: first(tags.photometric, 0),
    reversedBits: first(tags.fillOrder, 1) === 2,
    stripsEnd: values(tags.stripOffsets).reduce((end, at, i) => Math.max(end, at + (stripSizes[i] ?? 0)), 0),
    palette: values(tags.palette),
    extraSamples: values(tags.extraSamples),
    sampleFormat: first(tags.sampleFormat, 1),
  };
}
