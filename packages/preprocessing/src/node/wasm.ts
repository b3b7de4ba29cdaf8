import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { EmbeddingError } from '@diptych/core';
import type { Header } from '../image/header.ts';
import { type Image, orient, toRgbInPlace } from '../image/image.ts';
import { asStillAvif } from '../image/iso-media.ts';
import { decodeJpeg } from './jpeg-turbo.ts';

/** Stored pixels where there is no `sharp`: by libjpeg-turbo, libwebp and libavif in WebAssembly. */
export async function decodeWithWasm(bytes: Uint8Array, header: Header): Promise<Image> {
  switch (header.format) {
    case 'jpeg':
      return decodeJpeg(bytes, header);
    case 'webp':
      return rgba(await (await (webp ??= loadWebp()))(new Uint8Array(bytes).buffer));
    case 'avif':
      return decodeAvif(bytes, header);
    default:
      throw needsSharp(header.format === 'tiff' ? 'TIFF with JPEG or fax data' : header.format.toUpperCase());
  }
}

type Pixels = Pick<ImageData, 'data' | 'width' | 'height'>;
type Decode = (file: ArrayBuffer) => Promise<Pixels | null>;

function rgba(pixels: Pixels | null): Image {
  if (!pixels) throw new Error('the pixel data are damaged');
  return { data: new Uint8Array(pixels.data.buffer), width: pixels.width, height: pixels.height, channels: 4 };
}

/** Turned as `sharp` and browsers do by themselves. */
async function decodeAvif(bytes: Uint8Array, { alpha, turnedBy = 1 }: Header): Promise<Image> {
  avif ??= loadAvif();
  const decode = await avif.catch((cause: unknown) => {
    throw needsSharp('AVIF', ", or where that does not run '@jsquash/avif'", cause);
  });
  const image = orient(rgba(await decode(asStillAvif(bytes).buffer)), turnedBy);
  return alpha ? image : toRgbInPlace(image);
}

function needsSharp(what: string, other = '', cause?: unknown): EmbeddingError {
  const expected = `the package 'sharp' for ${what}`;
  const problem = { where: 'image', expected, got: 'none', cure: `npm install sharp${other}` };
  return new EmbeddingError('UNSUPPORTED', problem, { cause });
}

let webp: Promise<Decode> | undefined;
let avif: Promise<Decode> | undefined;

/** The packages look for their WebAssembly by URL, as a browser would; in Node it is read for them. They also log. */
async function moduleOptions(path: string) {
  const wasmBinary = new Uint8Array(await readFile(createRequire(import.meta.url).resolve(path))).buffer;
  return { wasmBinary, print: () => {}, printErr: () => {} };
}

async function loadWebp(): Promise<Decode> {
  const { default: decode, init } = await import('@jsquash/webp/decode.js');
  await init(await moduleOptions('@jsquash/webp/codec/dec/webp_dec.wasm'));
  return decode;
}

async function loadAvif(): Promise<Decode> {
  const { default: decode, init } = await import('@jsquash/avif/decode.js');
  await init(await moduleOptions('@jsquash/avif/codec/dec/avif_dec.wasm'));
  return decode;
}
