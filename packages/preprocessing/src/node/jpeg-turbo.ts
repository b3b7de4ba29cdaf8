import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cmykToRgb } from '../image/colour.ts';
import type { Header } from '../image/header.ts';
import type { Image } from '../image/image.ts';

/** What libjpeg-turbo's own interface, version 2, offers in `@cwasm/jpeg-turbo`. Addresses are numbers. */
interface Turbo {
  readonly memory: WebAssembly.Memory;
  readonly malloc: (size: number) => number;
  readonly free: (address: number) => void;
  readonly tjInitDecompress: () => number;
  readonly tjDestroy: (decoder: number) => number;
  /** Of decoder, file, its size, pixels, their width, bytes a row (0: as the width asks), height, format and flags. */
  readonly tjDecompress2: (...values: number[]) => number;
}

/** Pixel formats. */
const [rgb, inks] = [0, 11];

/** What an instance may hold on to for the next image, in bytes. */
const keptMemory = 1 << 26;

let idle: Turbo | undefined;

/** RGB of a JPEG by libjpeg-turbo in WebAssembly, as Pillow. */
export async function decodeJpeg(bytes: Uint8Array, header: Header): Promise<Image> {
  const turbo = idle ?? (await start());
  // An instance that fails is not used again.
  idle = undefined;
  const image = decode(turbo, bytes, header);
  if (turbo.memory.buffer.byteLength <= keptMemory) idle = turbo;
  return image;
}

function decode(turbo: Turbo, bytes: Uint8Array, { width, height, cmyk }: Header): Image {
  const channels = cmyk ? 4 : 3;
  const file = allocate(turbo, bytes.length);
  const out = allocate(turbo, width * height * channels);
  new Uint8Array(turbo.memory.buffer, file).set(bytes);
  const decoder = turbo.tjInitDecompress();
  // It ends by `longjmp` where it can go no further; its result tells of warnings too, which Pillow passes over.
  turbo.tjDecompress2(decoder, file, bytes.length, out, width, 0, height, cmyk ? inks : rgb, 0);
  const pixels = new Uint8Array(turbo.memory.buffer, out, width * height * channels);
  const data = cmyk ? fromInverted(pixels) : pixels.slice();
  turbo.tjDestroy(decoder);
  turbo.free(out);
  turbo.free(file);
  return { data, width, height, channels: 3 };
}

/** Four inks are stored inverted, as Adobe does, whether or not a file says so. */
function fromInverted(data: Uint8Array): Uint8Array {
  for (let at = 0; at < data.length; at++) data[at] = 255 - data[at]!;
  return cmykToRgb(data);
}

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@cwasm/jpeg-turbo/jpeg-turbo.wasm');
  return WebAssembly.compile(new Uint8Array(await readFile(path)));
}

async function start(): Promise<Turbo> {
  compiled ??= compile();
  const unavailable = () => {
    throw new Error('the decoder asked for what it may not have');
  };
  const wasi = ['proc_exit', 'fd_close', 'fd_seek', 'fd_write', 'environ_get'];
  const { exports } = await WebAssembly.instantiate(await compiled, {
    env: {
      setjmp: () => 0,
      longjmp: () => {
        throw new Error('the pixel data are damaged');
      },
    },
    wasi_snapshot_preview1: {
      environ_sizes_get: () => 0,
      ...Object.fromEntries(wasi.map((name) => [name, unavailable])),
    },
  });
  return exports as WebAssembly.Exports & Turbo;
}

function allocate({ malloc }: Turbo, size: number): number {
  const address = malloc(size);
  if (address === 0) throw new Error(`no memory for ${size} bytes`);
  return address;
}
