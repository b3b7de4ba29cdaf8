import type { Header } from './header.ts';
import { exifMagic, joined, latin1, orientationOf, startsWith } from './metadata.ts';

const xmpMagic = 'http://ns.adobe.com/xap/1.0/\0';
const [app1, startOfScan, endOfImage] = [0xe1, 0xda, 0xd9];

/** Header of a JPEG. Throws when the file ends before its end marker: decoders would fill the rest with grey. */
export function readJpeg(bytes: Uint8Array): Header {
  const exif: Uint8Array[] = [];
  const exifAt: number[] = [];
  let xmp: Uint8Array | undefined;
  let frame: Pick<Header, 'width' | 'height' | 'cmyk'> | undefined;
  for (const { marker, at, data } of segments(bytes)) {
    if (marker === startOfScan) {
      if (!frame) throw new Error('the scan comes before the frame header');
      if (!endsAfter(bytes, at)) throw new Error('the file is cut off');
      return {
        format: 'jpeg',
        ...frame,
        exifAt,
        orientation: orientationOf({ exif: joined(exif), xmp }),
      };
    }
    if (isFrame(marker)) frame = readFrame(data);
    if (marker !== app1) continue;
    if (startsWith(data, exifMagic)) {
      // What a block has no room for goes on in the next.
      exif.push(data.subarray(exifMagic.length));
      exifAt.push(at);
    } else if (latin1(data.subarray(0, xmpMagic.length)) === xmpMagic) xmp = data;
  }
  throw new Error('the file holds no image');
}

/** Segments up to the first scan. What stands between them is passed over, as libjpeg and Pillow do. */
function* segments(bytes: Uint8Array): Generator<{ marker: number; at: number; data: Uint8Array }> {
  for (let at = 2; at + 1 < bytes.length;) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0xff) {
      at += 1;
    } else if (isBare(marker)) {
      at += 2;
    } else {
      if (marker < 0xc0) throw new Error(`no marker at byte ${at}`);
      if (marker === startOfScan) return yield { marker, at, data: bytes.subarray(at) };
      const end = at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
      if (!(end <= bytes.length)) break;
      yield { marker, at: at + 4, data: bytes.subarray(at + 4, end) };
      at = end;
    }
  }
  throw new Error('the file is cut off');
}

/** An escaped 0xff or a marker without content. */
function isBare(marker: number): boolean {
  return marker === 0 || marker === 0xc8 || (marker >= 0xd0 && marker <= 0xd9) || (marker >= 0xf0 && marker <= 0xfd);
}

function readFrame(data: Uint8Array): Pick<Header, 'width' | 'height' | 'cmyk'> {
  const [bits = 0, heightHigh = 0, heightLow = 0, widthHigh = 0, widthLow = 0, components = 0] = data;
  if (bits !== 8) throw new Error(`samples of ${bits} bits`);
  if (![1, 3, 4].includes(components)) throw new Error(`${components} components`);
  return {
    height: (heightHigh << 8) | heightLow,
    width: (widthHigh << 8) | widthLow,
    cmyk: components === 4,
  };
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
