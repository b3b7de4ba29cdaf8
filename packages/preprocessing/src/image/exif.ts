import { latin1, startsWith } from './header.ts';
import type { Image } from './image.ts';
import { readTiffDirectory, tiffNumbers } from './tiff-directory.ts';

const orientationTag = 0x0112;

/** What a file carries beside its pixels. */
export interface Metadata {
  /** A TIFF file, with or without `Exif` and two zeros before it. */
  readonly exif?: Uint8Array | undefined;
  /** XML, of which one attribute or element is read. */
  readonly xmp?: Uint8Array | string | undefined;
}

/**
 * How stored pixels become upright, 2 to 8 as in EXIF, or `undefined` where they are: what Pillow's `exif_transpose`
 * goes by. The tag may have any numeric type; XMP counts where EXIF has no such tag.
 */
export function orientationOf({ exif, xmp }: Metadata): number | undefined {
  const value = (exif && exifOrientation(exif)) ?? (xmp && xmpOrientation(xmp));
  return value && Number.isInteger(value) && value >= 2 && value <= 8 ? value : undefined;
}

/** The tag of EXIF; 0 where it is no number, `undefined` where it is absent. */
export function exifOrientation(exif: Uint8Array): number | undefined {
  let start = 0;
  while (startsWith(exif, exifMagic, start)) start += exifMagic.length;
  const directory = readTiffDirectory(exif.subarray(start));
  return directory?.entries.has(orientationTag) ? (tiffNumbers(directory, orientationTag)[0] ?? 0) : undefined;
}

/** The first attribute or element of that name. */
function xmpOrientation(xmp: Uint8Array | string): number | undefined {
  const text = typeof xmp === 'string' ? xmp : latin1(xmp);
  const digit = /tiff:Orientation(?:="|>)([0-9])/.exec(text)?.[1];
  return digit === undefined ? undefined : Number(digit);
}

/** What JPEG, and some writers of WebP, put before an EXIF block. */
export const exifMagic: readonly number[] = [0x45, 0x78, 0x69, 0x66, 0, 0];

/** Stored pixels to upright pixels. `orientation` counts as EXIF does: 1 upright, 3 upside down, 6 and 8 on a side. */
export function orient(image: Image, orientation: number): Image {
  if (orientation === 1) return image;
  const { data, channels } = image;
  const [width, height] = orientation > 4 ? [image.height, image.width] : [image.width, image.height];
  const { origin, right, down } = steps(image.width, image.height, orientation);
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (origin + x * right + y * down) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return { ...image, data: out, width, height };
}

/** Stored index of the upright top left pixel, and how it moves one pixel right and one down. */
function steps(width: number, height: number, orientation: number): { origin: number; right: number; down: number } {
  const [topRight, bottomLeft, bottomRight] = [width - 1, (height - 1) * width, height * width - 1];
  const table = [
    [0, 1, width],
    [topRight, -1, width],
    [bottomRight, -1, -width],
    [bottomLeft, 1, -width],
    [0, width, 1],
    [bottomLeft, -width, 1],
    [bottomRight, -width, -1],
    [topRight, width, -1],
  ] as const;
  const [origin, right, down] = table[orientation - 1] ?? table[0];
  return { origin, right, down };
}
