import { type Orientation, readOrientation } from './exif.ts';
import type { Header } from './header.ts';

/** Header of a WebP file. Throws when the file is shorter than it says. */
export function readWebp(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) throw new Error(`the file is cut off at byte ${bytes.length} of ${end}`);
  let size: Size | undefined;
  let orientation: Orientation | undefined;
  for (let at = 12; at + 8 <= end;) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    size ??= sizes.get(type)?.(view, at + 8);
    if (type === 'EXIF') orientation ??= readOrientation(bytes, tiffStart(bytes, at + 8));
    const length = view.getUint32(at + 4, true);
    at += 8 + length + (length % 2);
  }
  if (!size) throw new Error('the file holds no image');
  return { format: 'webp', ...size, orientation };
}

type Size = Pick<Header, 'width' | 'height'>;

/** Size by the type of the first image chunk: extended, lossy, lossless. */
const sizes: ReadonlyMap<string, (view: DataView, at: number) => Size> = new Map([
  ['VP8X', (view, at) => ({ width: 1 + uint24(view, at + 4), height: 1 + uint24(view, at + 7) })],
  [
    'VP8 ',
    (view, at) => ({ width: view.getUint16(at + 6, true) & 0x3fff, height: view.getUint16(at + 8, true) & 0x3fff }),
  ],
  [
    'VP8L',
    (view, at) => {
      const bits = view.getUint32(at + 1, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    },
  ],
]);

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** Some writers put JPEG's `Exif` mark before the block. */
function tiffStart(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0x45 ? at + 6 : at;
}
