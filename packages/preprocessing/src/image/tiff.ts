import { EmbeddingError } from '@diptych/core';
import { fromArrayBuffer } from 'geotiff';
import { cmykToRgb } from './colour.ts';
import type { Image } from './image.ts';
import { type TiffLayout, readTiffLayout } from './tiff-header.ts';

/** Packings read here: none, LZW, deflate by either number, runs of bytes, Zstandard. */
const packings = [1, 5, 8, 32_946, 32_773, 50_000];

/** Fax, and JPEG in two ways, which another decoder may have. */
const otherPackings = [2, 3, 4, 6, 7];

const bitsTag = 258;

/**
 * Pixels of the first image of a TIFF file, as Pillow; `undefined` for fax and JPEG, which are left to another decoder.
 * 16 bits keep the high byte. Throws `UNSUPPORTED` for other packings and colours.
 */
export async function decodeTiff(bytes: Uint8Array): Promise<Image | undefined> {
  const layout = readTiffLayout(bytes);
  const convert = converter(layout);
  const { compression, photometric, reversedBits } = layout;
  if (otherPackings.includes(compression) && photometric <= 6) {
    if (layout.stripsEnd > bytes.length)
      throw new Error(`the file is cut off at byte ${bytes.length} of ${layout.stripsEnd}`);
    return undefined;
  }
  if (!convert || !packings.includes(compression)) throw unsupported(layout);
  if (reversedBits) return undefined;
  const file = await fromArrayBuffer(new Uint8Array(bytes).buffer);
  const image = await file.getImage(0);
  // Who writes bits need not say that it is one.
  const { actualizedFields: fields } = image.fileDirectory;
  if (!fields.has(bitsTag)) fields.set(bitsTag, [...layout.bits]);
  const raster = await image.readRasters({ interleave: true });
  const { width, height } = raster;
  if (raster.length !== width * height * layout.samples) throw new Error('the file is cut off');
  return { ...convert(raster), width, height };
}

function unsupported({ bits, compression, photometric }: TiffLayout): EmbeddingError {
  const what = packings.includes(compression)
    ? `colours of kind ${photometric} in ${bits.join('+')} bits`
    : `data packed by method ${compression}${compression === 34_925 ? ' (LZMA)' : ''}`;
  const expected = 'a TIFF of a kind that is read';
  return new EmbeddingError('UNSUPPORTED', {
    where: 'image',
    expected,
    got: `one with ${what}`,
    cure: 'convert it to PNG',
  });
}

type Samples = ArrayLike<number>;
type Pixels = Pick<Image, 'data' | 'channels' | 'indexed'>;

function converter(layout: TiffLayout): ((samples: Samples) => Pixels) | undefined {
  const { bits, photometric, samples, extraSamples } = layout;
  if (bits.some((one) => one !== bits[0])) return undefined;
  const colors = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4 }[photometric];
  if (!colors || samples < colors) return undefined;
  const toByte = byteOf(layout);
  const alpha = samples > colors && photometric !== 5 && photometric !== 3 ? (extraSamples[0] ?? 2) : 0;
  const kept = colors + (alpha ? 1 : 0);
  if (photometric === 3) return (raster) => lookUp(layout, raster);
  return (raster) => {
    const data = new Uint8Array((raster.length / samples) * kept);
    for (let from = 0, to = 0; to < data.length; from += samples) {
      for (let c = 0; c < kept; c++) data[to++] = toByte(raster[from + c]!);
    }
    if (photometric === 5) return { data: cmykToRgb(data), channels: 3 };
    if (alpha === 1) unmultiply(data, kept);
    return { data, channels: kept as Image['channels'], ...(bits[0] === 1 && { indexed: true }) };
  };
}

/** A sample in `[0, 255]`. */
function byteOf({ bits, photometric, sampleFormat }: TiffLayout): (value: number) => number {
  const [depth = 1] = bits;
  // Pillow has a mode for each of these, and cuts what is beyond a byte.
  if (depth > 16 || sampleFormat === 3) return (value) => Math.trunc(Math.min(255, Math.max(0, value)));
  const plain = (value: number) => (depth === 16 ? value >> 8 : (value * 255) / ((1 << depth) - 1));
  return photometric === 0 && depth <= 8 ? (value) => 255 - plain(value) : plain;
}

/** Colours keep the high byte of their 16 bits. */
function lookUp({ bits, palette, samples }: TiffLayout, raster: Samples): Pixels {
  const colors = palette.length / 3;
  if (colors < 2 ** bits[0]!) throw new Error('the file is cut off: it ends in its palette');
  const data = new Uint8Array((raster.length / samples) * 3);
  for (let from = 0, to = 0; to < data.length; from += samples) {
    for (let c = 0; c < 3; c++) data[to++] = (palette[c * colors + raster[from]!] ?? 0) >> 8;
  }
  return { data, channels: 3, indexed: true };
}

/** Colours that alpha was multiplied into, as they were; those under none are black. */
function unmultiply(data: Uint8Array, channels: number): void {
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    const alpha = data[pixel + channels - 1]!;
    for (let at = pixel; at < pixel + channels - 1; at++) {
      data[at] = alpha === 0 ? 0 : Math.min(255, Math.trunc((data[at]! * 255) / alpha));
    }
  }
}
