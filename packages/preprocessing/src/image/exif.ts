import { latin1, startsWith } from './bytes.ts';
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
