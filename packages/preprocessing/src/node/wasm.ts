import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { EmbeddingError } from '@diptych/core';
import { toRgbInPlace } from '../image/colour.ts';
import type { Header } from '../image/header.ts';
import type { Image } from '../image/image.ts';

type Decode = (file: ArrayBuffer) => Promise<Pick<ImageData, 'data' | 'width' | 'height'>>;

/** Stored pixels of a JPEG or WebP, by libjpeg and libwebp in WebAssembly. */
export async function decodeWithWasm(bytes: Uint8Array, { format, cmyk }: Header): Promise<Image> {
  if ((format !== 'jpeg' && format !== 'webp') || cmyk) {
    const what = cmyk ? 'CMYK JPEG' : format === 'tiff' ? 'TIFF with such a packing' : format.toUpperCase();
    throw new EmbeddingError('UNSUPPORTED', `${what} needs the package 'sharp': npm install sharp`);
  }
  const decode = await load(format);
  const { data, width, height } = await decode(new Uint8Array(bytes).buffer);
  const rgba = { data: new Uint8Array(data.buffer), width, height, channels: 4 } as const;
  return format === 'jpeg' ? toRgbInPlace(rgba) : rgba;
}

const loaded = new Map<'jpeg' | 'webp', Promise<Decode>>();

function load(format: 'jpeg' | 'webp'): Promise<Decode> {
  const decoder = loaded.get(format) ?? (format === 'jpeg' ? loadJpeg() : loadWebp());
  loaded.set(format, decoder);
  return decoder;
}

/** The packages look for their WebAssembly by URL, as a browser would; in Node it is read for them. They also log. */
async function moduleOptions(path: string) {
  const wasmBinary = new Uint8Array(await readFile(createRequire(import.meta.url).resolve(path))).buffer;
  return { wasmBinary, print: () => {}, printErr: () => {} };
}

async function loadJpeg(): Promise<Decode> {
  const { default: decode, init } = await import('@jsquash/jpeg/decode.js');
  await init(await moduleOptions('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
  return decode;
}

async function loadWebp(): Promise<Decode> {
  const { default: decode, init } = await import('@jsquash/webp/decode.js');
  await init(await moduleOptions('@jsquash/webp/codec/dec/webp_dec.wasm'));
  return decode;
}
