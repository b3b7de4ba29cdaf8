import type { Header } from './header.ts';
import type { Image } from './image.ts';
import { latin1, orientationOf, viewOf } from './metadata.ts';

const [exifFlag, xmpFlag, alphaFlag] = [0x08, 0x04, 0x10];

/** Header of a WebP file. Throws when the file is shorter than it says. */
export function readWebp(bytes: Uint8Array): Header {
  const end = 8 + viewOf(bytes).getUint32(4, true);
  if (end > bytes.length) throw new Error(`the file is cut off at byte ${bytes.length} of ${end}`);
  const found = new Map<string, Chunk>();
  for (const chunk of chunks(bytes.subarray(0, end), 12)) if (!found.has(chunk.type)) found.set(chunk.type, chunk);
  const image = [...found.values()].find(({ type }) => sizes.has(type));
  if (!image) throw new Error('the file holds no image');
  const size = sizes.get(image.type)!(viewOf(image.data));
  const flags = image.type === 'VP8X' ? image.data[0]! : 0;
  const [exif, xmp] = [
    flags & exifFlag ? found.get('EXIF') : undefined,
    flags & xmpFlag ? found.get('XMP ') : undefined,
  ];
  return {
    format: 'webp',
    ...size,
    orientation: orientationOf({ exif: exif?.data, xmp: xmp?.data }),
    exifAt: exif ? [exif.at - 8] : [],
    // A lossless file alone has no flags before it, but a bit behind its size.
    alpha: (flags & alphaFlag) !== 0 || (image.type === 'VP8L' && (image.data[4]! & 0x10) !== 0),
    ...(found.has('ANMF') && { animated: true }),
  };
}

/** One frame of an animation, as a file of its own, and where it lies on the canvas, in pixels. */
export interface WebpFrame {
  readonly file: Uint8Array;
  readonly left: number;
  readonly top: number;
  /** Whether the canvas has an alpha channel. */
  readonly alpha: boolean;
}

/** The first frame of an animated file. */
export function firstFrame(bytes: Uint8Array): WebpFrame {
  const all = [...chunks(bytes, 12)];
  const frame = all.find(({ type }) => type === 'ANMF')!.data;
  const view = viewOf(frame);
  const parts = [...chunks(frame, 16)].filter(({ type }) => ['ALPH', 'VP8 ', 'VP8L'].includes(type));
  const head = new Uint8Array(10);
  head[0] = parts.some(({ type }) => type !== 'VP8 ') ? alphaFlag : 0;
  head.set(frame.subarray(6, 12), 4);
  const alpha = all.some(({ type, data }) => type === 'VP8X' && (data[0]! & alphaFlag) !== 0);
  return {
    file: riff([{ type: 'VP8X', data: head }, ...parts]),
    left: 2 * uint24(view, 0),
    top: 2 * uint24(view, 3),
    alpha,
  };
}

/** The frame on its canvas, which is transparent black elsewhere. */
export function onCanvas(image: Image, { left, top, alpha }: WebpFrame, { width, height }: Size): Image {
  if (image.width === width && image.height === height) return image;
  const channels = alpha ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const from = (y * image.width + x) * image.channels;
      const to = ((top + y) * width + left + x) * channels;
      for (let c = 0; c < channels; c++) data[to + c] = c < image.channels ? image.data[from + c]! : 255;
    }
  }
  return { data, width, height, channels };
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Offset of `data`. */
  readonly at: number;
}

function* chunks(bytes: Uint8Array, start: number): Generator<Chunk> {
  for (let at = start; at + 8 <= bytes.length;) {
    const length = viewOf(bytes).getUint32(at + 4, true);
    yield { type: latin1(bytes.subarray(at, at + 4)), data: bytes.subarray(at + 8, at + 8 + length), at: at + 8 };
    at += 8 + length + (length % 2);
  }
}

function riff(parts: readonly Pick<Chunk, 'type' | 'data'>[]): Uint8Array {
  const size = parts.reduce((sum, { data }) => sum + 8 + data.length + (data.length % 2), 4);
  const out = new Uint8Array(8 + size);
  let at = 0;
  const put = (text: string, number?: number) => {
    for (const letter of text) out[at++] = letter.charCodeAt(0);
    if (number === undefined) return;
    viewOf(out).setUint32(at, number, true);
    at += 4;
  };
  put('RIFF', size);
  put('WEBP');
  for (const { type, data } of parts) {
    put(type, data.length);
    out.set(data, at);
    at += data.length + (data.length % 2);
  }
  return out;
}

type Size = Pick<Header, 'width' | 'height'>;

/** Size by the type of the first image chunk: extended, lossy, lossless. */
const sizes: ReadonlyMap<string, (view: DataView) => Size> = new Map([
  ['VP8X', (view) => ({ width: 1 + uint24(view, 4), height: 1 + uint24(view, 7) })],
  ['VP8 ', (view) => ({ width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff })],
  [
    'VP8L',
    (view) => {
      const bits = view.getUint32(1, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    },
  ],
]);

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
