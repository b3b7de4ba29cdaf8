import type { Header } from './header.ts';
import { exifOrientation, latin1, orientationOf, viewOf } from './metadata.ts';
import { type Box, boxIn } from './iso-boxes.ts';
import { type IsoItems, readItems, readTrackMetadata } from './iso-items.ts';

const heic = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs'];
const avif = ['avif', 'avis'];
/** Brands that say no more than that there are images. */
const general = ['mif1', 'msf1'];

/** Header of an AVIF or HEIC file, picture or sequence; `undefined` for films and what else has such boxes. */
export function readIsoMedia(bytes: Uint8Array): Header | undefined {
  const major = latin1(bytes.subarray(8, 12));
  const list = latin1(bytes.subarray(16, Math.min(viewOf(bytes).getUint32(0), 256)));
  const has = (brands: readonly string[]) =>
    brands.includes(major) || (general.includes(major) && brands.some((brand) => list.includes(brand)));
  if (!has(avif) && !has(heic)) return undefined;
  const items = readItems(bytes);
  const size = sizeOf(items.properties) ?? sizeOf(items.all) ?? trackSize(bytes);
  if (!has(avif)) return { format: 'heic', ...size };
  const turnedBy = turnOf(items.properties);
  return {
    format: 'avif',
    ...size,
    turnedBy,
    orientation: orientationBeside(turnedBy, major === 'avis' ? readTrackMetadata(bytes) : items),
    // An image beside the image: its alpha, or its depth.
    alpha: items.all.some(({ type }) => type === 'auxC'),
  };
}

/** EXIF is no more than a note here: a turn of the image's own, or any orientation in EXIF, and XMP does not count. */
function orientationBeside(turnedBy: number, { exif, xmp }: Pick<IsoItems, 'exif' | 'xmp'>): number | undefined {
  const noted = turnedBy !== 1 || (exif && exifOrientation(exif) !== undefined);
  return noted ? undefined : orientationOf({ xmp });
}

/** Tiles have an `ispe` box of their own; the largest is the image's. */
function sizeOf(properties: readonly Box[]): Size | undefined {
  return properties
    .filter(({ type, body }) => type === 'ispe' && body.length >= 12)
    .map(({ body }) => ({ width: viewOf(body).getUint32(4), height: viewOf(body).getUint32(8) }))
    .toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
}

/** A sequence may have its size in `av01` alone. */
function trackSize(bytes: Uint8Array): Size {
  const path = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];
  const entries = path.reduce((inside, type) => boxIn(inside, type), bytes);
  const av01 = boxIn(entries, 'av01', 8);
  if (av01.length < 28) return { width: 0, height: 0 };
  return { width: viewOf(av01).getUint16(24), height: viewOf(av01).getUint16(26) };
}

type Size = Pick<Header, 'width' | 'height'>;

/** The turn and the mirror of the image, which are made in this order, as one orientation of EXIF. */
function turnOf(properties: readonly Box[]): number {
  const turn = properties.find(({ type }) => type === 'irot')?.body[0] ?? 0;
  const mirror = properties.find(({ type }) => type === 'imir')?.body[0];
  return orientations[turn & 3]![mirror === undefined ? 2 : mirror & 1]!;
}

/** By quarter turns against the clock; then mirrored top to bottom, left to right, or not. */
const orientations = [
  [4, 2, 1],
  [5, 7, 8],
  [2, 4, 3],
  [7, 5, 6],
];

/** A copy that calls itself a still picture, which is what its first frame is stored as too. */
export function asStillAvif(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy.set([0x61, 0x76, 0x69, 0x66], 8);
  return copy;
}
