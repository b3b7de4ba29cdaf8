import { type Orientation, readOrientation } from './exif.ts';
import type { Header } from './header.ts';

const exifMagic = [0x45, 0x78, 0x69, 0x66, 0, 0];
const [app1, startOfScan, endOfImage] = [0xe1, 0xda, 0xd9];

/** Header of a JPEG. Throws when the file ends before its end marker: decoders would fill the rest with grey. */
export function readJpeg(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let orientation: Orientation | undefined;
  let frame: Pick<Header, 'width' | 'height' | 'cmyk'> | undefined;
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) throw new Error(`expected a marker at byte ${at}`);
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === startOfScan) {
      if (!frame) throw new Error('the scan comes before the frame header');
      if (!endsAfter(bytes, at)) throw new Error('the file is cut off');
      return { format: 'jpeg', ...frame, orientation };
    }
    if (marker === app1 && exifMagic.every((byte, i) => bytes[at + 4 + i] === byte)) {
      orientation ??= readOrientation(bytes, at + 10);
    }
    if (isFrame(marker)) {
      frame = { height: view.getUint16(at + 5), width: view.getUint16(at + 7), cmyk: view.getUint8(at + 9) === 4 };
    }
    at += 2 + view.getUint16(at + 2);
  }
}

/** Start of frame, of any coding; 0xc4, 0xc8 and 0xcc mean something else. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** Coded data never hold an end marker, but a thumbnail before the scan may. */
function endsAfter(bytes: Uint8Array, scan: number): boolean {
  for (let at = bytes.lastIndexOf(endOfImage); at > scan; at = bytes.lastIndexOf(endOfImage, at - 1)) {
    if (bytes[at - 1] === 0xff) return true;
  }
  return false;
}
