import { type Orientation, readOrientation } from './exif.ts';
import { readJpeg } from './jpeg.ts';
import { pngChunks } from './png-chunks.ts';
import { readWebp } from './webp.ts';

/** What a file says about its image before any pixel is decoded. */
export interface Header {
  readonly format: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif';
  readonly width: number;
  readonly height: number;
  /** Absent where pixels are stored upright. AVIF decoders turn the pixels themselves. */
  readonly orientation?: Orientation | undefined;
  /** Four inks instead of three colours (JPEG). */
  readonly cmyk?: boolean;
}

/** Format, size and orientation; `undefined` for bytes of another format. Throws when a header is cut off or damaged. */
export function readHeader(bytes: Uint8Array): Header | undefined {
  const format = formats.find(({ magic, at }) => magic.every((byte, i) => bytes[at + i] === byte));
  return format?.read(bytes);
}

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

const formats: readonly {
  readonly magic: readonly number[];
  readonly at: number;
  readonly read: (bytes: Uint8Array) => Header;
}[] = [
  { magic: [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a], at: 0, read: readPng },
  { magic: [0xff, 0xd8, 0xff], at: 0, read: readJpeg },
  { magic: ascii('WEBP'), at: 8, read: readWebp },
  { magic: ascii('GIF8'), at: 0, read: readGif },
  { magic: ascii('ftypavi'), at: 4, read: readAvif },
];

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readPng(bytes: Uint8Array): Header {
  const view = viewOf(bytes);
  let orientation: Orientation | undefined;
  for (const { type, at } of pngChunks(bytes)) if (type === 'eXIf') orientation = readOrientation(bytes, at);
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20), orientation };
}

function readGif(bytes: Uint8Array): Header {
  const view = viewOf(bytes);
  return { format: 'gif', width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function readAvif(bytes: Uint8Array): Header {
  const view = viewOf(bytes);
  let [width, height] = [0, 0];
  // Tiles have an `ispe` box of their own; the largest is the image's.
  for (let at = bytes.indexOf(0x69); at >= 0; at = bytes.indexOf(0x69, at + 1)) {
    if (at + 16 > bytes.length || view.getUint32(at) !== 0x69737065) continue;
    const [w, h] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (w * h > width * height) [width, height] = [w, h];
  }
  return { format: 'avif', width, height };
}
