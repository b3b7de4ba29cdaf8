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

/** The values of one tag, as stored. */
export interface TiffEntry {
  /** 1 bytes, 2 text, 3 and 4 unsigned, 5 fractions and so on, as TIFF 6.0 numbers them. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** The first directory of a TIFF file, which an EXIF block is too. */
export interface TiffDirectory {
  readonly littleEndian: boolean;
  readonly entries: ReadonlyMap<number, TiffEntry>;
}

/**
 * Tags of a TIFF file or an EXIF block; `undefined` when it is neither. Of a damaged directory, what comes before the
 * damage, as Pillow has it.
 */
export function readTiffDirectory(bytes: Uint8Array): TiffDirectory | undefined {
  const order = bytes.length < 16 ? 0 : (bytes[0]! << 8) | bytes[1]!;
  const version = bytes[2]! | bytes[3]!;
  if ((order !== 0x4949 && order !== 0x4d4d) || (version !== 42 && version !== 43)) return undefined;
  const littleEndian = order === 0x4949;
  const read = reader(bytes, littleEndian, version === 43);
  const entries = new Map<number, TiffEntry>();
  const { start, count, entrySize } = read.head();
  for (let i = 0, at = start; i < count && at + entrySize <= bytes.length; i++, at += entrySize) {
    const { tag, type, from, size } = read.entry(at);
    if (size === 0) continue;
    if (from + size > bytes.length) break;
    entries.set(tag, { type, data: bytes.subarray(from, from + size) });
  }
  return { littleEndian, entries };
}

/** Numbers of a tag; none when it has text or bytes of no known meaning. */
export function tiffNumbers({ littleEndian, entries }: TiffDirectory, tag: number): readonly number[] {
  const entry = entries.get(tag);
  const kind = entry && numbers.get(entry.type);
  if (!kind) return [];
  const view = new DataView(entry.data.buffer, entry.data.byteOffset, entry.data.length);
  return Array.from({ length: entry.data.length / kind.size }, (_, i) => kind.get(view, i * kind.size, littleEndian));
}

/** Offsets are of four bytes, in BigTIFF of eight. */
function reader(bytes: Uint8Array, little: boolean, big: boolean) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offset = (at: number) => (big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const width = big ? 8 : 4;
  return {
    head: () => {
      const at = offset(big ? 8 : 4);
      const inside = at + width <= bytes.length;
      const count = inside ? (big ? offset(at) : view.getUint16(at, little)) : 0;
      return { start: at + (big ? 8 : 2), count, entrySize: 4 + 2 * width };
    },
    entry: (at: number) => {
      const type = view.getUint16(at + 2, little);
      const size = offset(at + 4) * (sizes[type] ?? 0);
      const value = at + 4 + width;
      return { tag: view.getUint16(at, little), type, size, from: size > width ? offset(value) : value };
    },
  };
}

/** Bytes of a value by type. */
const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8];

type Get = (view: DataView, at: number, little: boolean) => number;

const numbers: ReadonlyMap<number, { readonly size: number; readonly get: Get }> = new Map([
  [3, { size: 2, get: (view: DataView, at: number, little: boolean) => view.getUint16(at, little) }],
  [4, { size: 4, get: (view, at, little) => view.getUint32(at, little) }],
  [5, { size: 8, get: (view, at, little) => view.getUint32(at, little) / view.getUint32(at + 4, little) }],
  [6, { size: 1, get: (view, at) => view.getInt8(at) }],
  [8, { size: 2, get: (view, at, little) => view.getInt16(at, little) }],
  [9, { size: 4, get: (view, at, little) => view.getInt32(at, little) }],
  [10, { size: 8, get: (view, at, little) => view.getInt32(at, little) / view.getInt32(at + 4, little) }],
  [11, { size: 4, get: (view, at, little) => view.getFloat32(at, little) }],
  [12, { size: 8, get: (view, at, little) => view.getFloat64(at, little) }],
  [13, { size: 4, get: (view, at, little) => view.getUint32(at, little) }],
  [16, { size: 8, get: (view, at, little) => Number(view.getBigUint64(at, little)) }],
]);

/** Whether the bytes at `at` are these. */
export function startsWith(bytes: Uint8Array, start: readonly number[], at = 0): boolean {
  return start.every((byte, i) => bytes[at + i] === byte);
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** The parts in one piece: shared where there is one. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
