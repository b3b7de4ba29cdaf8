import { type BmpHeader, readBmpHeader } from './bmp-header.ts';
import { unpackRuns } from './bmp-runs.ts';
import type { Image } from './image.ts';

/** Pixels of a BMP file, as Pillow: the fourth byte of a plain pixel is no alpha, a palette of greys in order is grey. */
export async function decodeBmp(bytes: Uint8Array): Promise<Image> {
  const header = readBmpHeader(bytes);
  const { width, height, bits } = header;
  const stored = readRows(bytes, header);
  const upright = (y: number) => (header.topDown ? y : height - 1 - y);
  const { channels, indexed, write } = pixelWriter(bytes, header);
  const data = new Uint8Array(width * height * channels);
  const stride = stored.length / height;
  for (let y = 0; y < height; y++) {
    const row = stored.subarray(upright(y) * stride, (upright(y) + 1) * stride);
    for (let x = 0; x < width; x++) write(row, x, data, (y * width + x) * channels, bits);
  }
  return { data, width, height, channels, ...(indexed && { indexed }) };
}

/** Rows as stored; those of runs have a byte a pixel. */
function readRows(bytes: Uint8Array, header: BmpHeader): Uint8Array {
  const { width, height, bits, compression, dataAt } = header;
  if (compression === 1 || compression === 2) return unpackRuns(bytes, header);
  if (compression !== 0 && compression !== 3) throw new Error(`BMP compression ${compression} is unknown`);
  const size = (((width * bits + 31) >> 3) & ~3) * height;
  const rows = bytes.subarray(dataAt, dataAt + size);
  if (rows.length === size) return rows;
  throw new Error(`the file is cut off: pixel data end after ${rows.length} of ${size} bytes`);
}

type Write = (row: Uint8Array, x: number, out: Uint8Array, at: number, bits: number) => void;

interface PixelWriter {
  readonly channels: Image['channels'];
  readonly indexed?: boolean;
  readonly write: Write;
}

function pixelWriter(bytes: Uint8Array, header: BmpHeader): PixelWriter {
  const { bits, compression } = header;
  if ([1, 4, 8].includes(bits) && compression !== 3) return byPalette(bytes, header);
  if (compression === 3 ? !masksKnown(header) : ![16, 24, 32].includes(bits)) {
    throw new Error(`BMP of ${bits} bits${compression === 3 ? ' with these masks' : ''} is unknown`);
  }
  if (bits === 16) return byMasks(compression === 3 ? header.masks : plain16, readWord);
  if (bits === 24) return byMasks([0xff0000, 0xff00, 0xff, 0], (row, x) => readBytes(row, x * 3, 3));
  const none = header.masks.every((mask) => mask === 0);
  const masks = compression === 3 ? (none ? plainAlpha : header.masks) : [0xff0000, 0xff00, 0xff, 0];
  return byMasks(masks, (row, x) => readBytes(row, x * 4, 4));
}

const plain16 = [0x7c00, 0x3e0, 0x1f, 0];
const plainAlpha = [0xff0000, 0xff00, 0xff, 0xff000000];

/** The layouts that Pillow reads. */
function masksKnown({ bits, masks }: BmpHeader): boolean {
  const key = masks.slice(0, bits === 32 ? 4 : 3).map((mask) => mask.toString(16));
  return knownMasks.includes(`${bits}:${key.join()}`);
}

const knownMasks = [
  '16:f800,7e0,1f',
  '16:7c00,3e0,1f',
  '24:ff0000,ff00,ff',
  '32:ff0000,ff00,ff,0',
  '32:ff000000,ff0000,ff00,0',
  '32:ff000000,ff00,ff,0',
  '32:ff000000,ff0000,ff00,ff',
  '32:ff,ff00,ff0000,ff000000',
  '32:ff0000,ff00,ff,ff000000',
  '32:ff000000,ff00,ff,ff0000',
  '32:0,0,0,0',
];

const readBytes = (row: Uint8Array, at: number, count: number) =>
  (row[at]! | (row[at + 1]! << 8) | (row[at + 2]! << 16) | (count === 4 ? row[at + 3]! << 24 : 0)) >>> 0;

const readWord = (row: Uint8Array, x: number) => row[2 * x]! | (row[2 * x + 1]! << 8);

/** Each part of a pixel spread over `[0, 255]`, rounded down. */
function byMasks(masks: readonly number[], read: (row: Uint8Array, x: number) => number): PixelWriter {
  const parts = masks
    .filter((mask) => mask !== 0)
    .map((mask) => {
      const low = (mask & -mask) >>> 0;
      return { mask, low, max: mask / low };
    });
  const write: Write = (row, x, out, at) => {
    const pixel = read(row, x);
    parts.forEach(({ mask, low, max }, c) => {
      out[at + c] = Math.floor(((((pixel & mask) >>> 0) / low) * 255) / max);
    });
  };
  return { channels: parts.length as Image['channels'], write };
}

function byPalette(bytes: Uint8Array, { bits, compression, colors, colorSize, paletteAt }: BmpHeader): PixelWriter {
  if (colors > 65_536) throw new Error(`a BMP palette of ${colors} colours is unknown`);
  const palette = bytes.subarray(paletteAt, paletteAt + colorSize * colors);
  const index =
    compression === 0 ? (row: Uint8Array, x: number) => bitsAt(row, x, bits) : (row: Uint8Array, x: number) => row[x]!;
  if (isGrey(palette, colorSize, colors)) {
    const scale = colors === 2 ? 255 : 1;
    const write: Write = (row, x, out, at) => void (out[at] = index(row, x) * scale);
    return { channels: 1, indexed: colors === 2, write };
  }
  const write: Write = (row, x, out, at) => {
    const color = index(row, x) * colorSize;
    for (let c = 0; c < 3; c++) out[at + c] = palette[color + 2 - c] ?? 0;
  };
  return { channels: 3, indexed: true, write };
}

function isGrey(palette: Uint8Array, colorSize: number, colors: number): boolean {
  for (let i = 0; i < colors; i++) {
    const grey = colors === 2 ? i * 255 : i;
    for (let c = 0; c < 3; c++) if (palette[i * colorSize + c] !== grey) return false;
  }
  return true;
}

function bitsAt(row: Uint8Array, x: number, bits: number): number {
  const bit = x * bits;
  return (row[bit >> 3]! >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
}
