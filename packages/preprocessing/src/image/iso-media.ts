import { latin1 } from './exif.ts';
import type { Header } from './header.ts';

const heic = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs'];
const avif = ['avif', 'avis'];
/** Brands that say no more than that there are images. */
const general = ['mif1', 'msf1'];

/** Header of an AVIF or HEIC file, picture or sequence; `undefined` for films and what else has such boxes. */
export function readIsoMedia(bytes: Uint8Array): Header | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const major = latin1(bytes.subarray(8, 12));
  const list = latin1(bytes.subarray(16, Math.min(view.getUint32(0), 256)));
  const has = (brands: readonly string[]) =>
    brands.includes(major) || (general.includes(major) && brands.some((brand) => list.includes(brand)));
  if (has(avif)) {
    // An image beside the image: its alpha, or its depth.
    const alpha = places(bytes, view, 'auxC', 8).next().done !== true;
    return { format: 'avif', ...sizeOf(bytes, view), turnedBy: turnOf(bytes, view), alpha };
  }
  return has(heic) ? { format: 'heic', ...sizeOf(bytes, view) } : undefined;
}

/** Tiles have an `ispe` box of their own; the largest is the image's. A sequence may have its size in `av01` alone. */
function sizeOf(bytes: Uint8Array, view: DataView): { width: number; height: number } {
  let size = { width: 0, height: 0 };
  for (const at of places(bytes, view, 'ispe', 16)) {
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (width * height > size.width * size.height) size = { width, height };
  }
  if (size.width > 0) return size;
  for (const at of places(bytes, view, 'av01', 32))
    return { width: view.getUint16(at + 28), height: view.getUint16(at + 30) };
  return size;
}

/** The turn and the mirror of the image, which are made in this order, as one orientation of EXIF. */
function turnOf(bytes: Uint8Array, view: DataView): number {
  let [turn, mirror] = [0, 2];
  for (const at of places(bytes, view, 'irot', 5)) turn = bytes[at + 4]! & 3;
  for (const at of places(bytes, view, 'imir', 5)) mirror = bytes[at + 4]! & 1;
  return orientations[turn]![mirror]!;
}

/** By quarter turns against the clock; then mirrored top to bottom, left to right, or not. */
const orientations = [
  [4, 2, 1],
  [5, 7, 8],
  [2, 4, 3],
  [7, 5, 6],
];

function* places(bytes: Uint8Array, view: DataView, type: string, room: number): Generator<number> {
  const first = type.charCodeAt(0);
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + room <= view.byteLength && latin1(bytes.subarray(at, at + 4)) === type) yield at;
  }
}

/** A copy that calls itself a still picture, which is what its first frame is stored as too. */
export function asStillAvif(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  copy.set([0x61, 0x76, 0x69, 0x66], 8);
  return copy;
}
