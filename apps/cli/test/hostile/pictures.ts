import { crc32, deflateSync } from 'node:zlib';
import { decodeImage } from '@diptych/preprocessing/node';
import { concat, type HostileCase, type HostileKind, text, u16, u32 } from './case.ts';

const be32 = (value: number) => u32(value).toReversed();
const be16 = (value: number) => u16(value).toReversed();
const chunk = (name: string, data: Uint8Array) => {
  const body = concat(text(name), data);
  return concat(be32(data.length), body, be32(crc32(body)));
};
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const ihdr = (width: number, height: number, rest = [8, 0, 0, 0, 0]) =>
  chunk('IHDR', concat(be32(width), be32(height), Uint8Array.from(rest)));
const png = (...chunks: readonly Uint8Array[]) => concat(signature, ...chunks, chunk('IEND', new Uint8Array(0)));
const one = deflateSync(Uint8Array.of(0, 7));

/** A small file that says it is large. */
export const claimingPng = (width: number, height: number): Uint8Array<ArrayBuffer> =>
  png(ihdr(width, height), chunk('IDAT', one));

const gif = (width: number, height: number) =>
  concat(text('GIF89a'), u16(width), u16(height), new Uint8Array(3), text(';'));
const bmp = (width: number, height: number) =>
  concat(text('BM'), u32(70), u32(0), u32(54), u32(40), u32(width), u32(height), u16(1), u16(24), new Uint8Array(40));
const jpeg = (width: number, height: number) =>
  concat(
    Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 11, 8),
    be16(height),
    be16(width),
    Uint8Array.of(1, 1, 0x11, 0, 0xff, 0xda),
    new Uint8Array(64),
  );
const webp = (width: number, height: number) =>
  concat(
    text('RIFF'),
    u32(22),
    text('WEBPVP8X'),
    u32(10),
    u32(0),
    u32(width - 1).slice(0, 3),
    u32(height - 1).slice(0, 3),
  );
const tiff = (entries: number) => concat(text('II*\0'), u32(8), u16(entries), new Uint8Array(24));

const table: readonly (readonly [name: string, bytes: () => Uint8Array<ArrayBuffer>, code?: string])[] = [
  ['nothing', () => new Uint8Array(0)],
  ['text', () => text('<!doctype html>')],
  ['noise', () => new Uint8Array(4096).fill(0xa5)],
  ['a PNG of 3.6 gigapixels', () => png(ihdr(60_000, 60_000), chunk('IDAT', one)), 'IMAGE_TOO_LARGE'],
  ['a PNG of 2^62 pixels', () => png(ihdr(2 ** 31 - 1, 2 ** 31 - 1), chunk('IDAT', one)), 'IMAGE_TOO_LARGE'],
  ['a PNG without width', () => png(ihdr(0, 1), chunk('IDAT', one))],
  ['a PNG of 3 bits', () => png(ihdr(1, 1, [3, 0, 0, 0, 0]), chunk('IDAT', one))],
  ['a PNG of another filter', () => png(ihdr(1, 1, [8, 0, 0, 9, 0]), chunk('IDAT', one))],
  ['a PNG without data', () => png(ihdr(1, 1))],
  ['a PNG with a chunk of 2 GiB', () => concat(signature, ihdr(1, 1), be32(2 ** 31 - 1), text('IDAT'))],
  ['a PNG that is its signature', () => concat(signature)],
  ['a PNG of palette without one', () => png(ihdr(1, 1, [8, 3, 0, 0, 0]), chunk('IDAT', one))],
  [
    'a PNG that says its size twice',
    () => png(ihdr(1, 1), ihdr(60_000, 60_000), chunk('IDAT', one)),
    'IMAGE_TOO_LARGE',
  ],
  [
    'a PNG whose size is not first',
    () => png(chunk('tEXt', text('a\0b')), ihdr(60_000, 60_000), chunk('IDAT', one)),
    'IMAGE_TOO_LARGE',
  ],
  ['a GIF without a picture', () => gif(1, 1)],
  ['a GIF of 4 gigapixels', () => gif(65_535, 65_535), 'IMAGE_TOO_LARGE'],
  ['a BMP of 4 gigapixels', () => bmp(65_535, 65_535), 'IMAGE_TOO_LARGE'],
  ['a BMP of a negative width', () => bmp(2 ** 32 - 5, 5), 'IMAGE_TOO_LARGE'],
  ['a JPEG of 4 gigapixels, cut off', () => jpeg(65_535, 65_535)],
  ['a JPEG without data', () => jpeg(8, 8)],
  ['a JPEG that is its first bytes', () => Uint8Array.of(0xff, 0xd8, 0xff)],
  ['a WebP of 281 terapixels', () => webp(2 ** 24, 2 ** 24), 'IMAGE_TOO_LARGE'],
  ['a WebP without data', () => webp(8, 8)],
  ['a TIFF of 65,535 entries', () => tiff(65_535)],
  ['a TIFF without entries', () => tiff(0)],
];

const cases: readonly HostileCase[] = table.map(([name, bytes, code = 'IMAGE_INVALID']) => ({
  name,
  code,
  says: /./,
  run: async () => decodeImage(bytes()),
}));

export const kind: HostileKind = {
  cases,
  async honest() {
    await decodeImage(png(ihdr(1, 1), chunk('IDAT', one)));
  },
};
