import { readBmpHeader } from './bmp-header.ts';
import { startsWith } from './bytes.ts';
import { readGifFrame } from './gif-frame.ts';
import type { Header } from './header.ts';
import { readIsoMedia } from './iso-media.ts';
import { readJpeg } from './jpeg.ts';
import { readPngFile } from './png-file.ts';
import { pngOrientation } from './png-metadata.ts';
import { readTiffHeader } from './tiff-header.ts';
import { readWebp } from './webp.ts';

/** Format, size and orientation; `undefined` for bytes of another format. Throws when a header is cut off or damaged. */
export function readHeader(bytes: Uint8Array): Header | undefined {
  const format = formats.find(({ magic, at }) => startsWith(bytes, magic, at));
  try {
    return format?.read(bytes);
  } catch (cause) {
    // What a DataView says of an offset beyond its end.
    if (cause instanceof RangeError) throw new Error(`the file is cut off: it ends in its header`, { cause });
    throw cause;
  }
}

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

const formats: readonly {
  readonly magic: readonly number[];
  readonly at: number;
  readonly read: (bytes: Uint8Array) => Header | undefined;
}[] = [
  { magic: [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a], at: 0, read: readPng },
  { magic: [0xff, 0xd8, 0xff], at: 0, read: readJpeg },
  { magic: ascii('WEBP'), at: 8, read: readWebp },
  { magic: ascii('GIF8'), at: 0, read: readGif },
  { magic: ascii('ftyp'), at: 4, read: readIsoMedia },
  { magic: ascii('BM'), at: 0, read: (bytes) => ({ format: 'bmp', ...sizeOf(readBmpHeader(bytes)) }) },
  { magic: ascii('II'), at: 0, read: readTiffHeader },
  { magic: ascii('MM'), at: 0, read: readTiffHeader },
];

function readPng(bytes: Uint8Array): Header {
  const { others, ...png } = readPngFile(bytes);
  return { format: 'png', ...sizeOf(png), orientation: pngOrientation(others) };
}

/** Of a file that ends before its frame, the screen: decoding says what is missing. */
function readGif(bytes: Uint8Array): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  try {
    return { format: 'gif', ...sizeOf(readGifFrame(bytes)) };
  } catch {
    return { format: 'gif', ...screen };
  }
}

function sizeOf({ width, height }: Pick<Header, 'width' | 'height'>): Pick<Header, 'width' | 'height'> {
  return { width, height };
}
