import type { Image } from './image.ts';

/** How a PNG stores its pixels. */
export interface PngSamples {
  /** Bits of a sample. */
  readonly depth: number;
  /** Samples of a pixel: grey or palette index 1, with alpha 2, RGB 3, with alpha 4. */
  readonly samples: 1 | 2 | 3 | 4;
  /** Three bytes a colour; absent unless samples are indices. */
  readonly palette: Uint8Array | undefined;
  /** Content of `tRNS`: alpha of each palette entry, or the one transparent colour in 16-bit samples. */
  readonly key: Uint8Array | undefined;
}

/** Writes the `count` pixels of an unfiltered row to `out` from `at`, `step` pixels apart. */
export type RowWriter = (
  row: Uint8Array,
  out: Uint8Array,
  at: number,
  grid: { readonly count: number; readonly step: number },
) => void;

/** Writer of 8-bit pixels, and their channels. `keyed` adds the alpha channel that `tRNS` describes. */
export function rowWriter(png: PngSamples, keyed: boolean): { channels: Image['channels']; write: RowWriter } {
  const alpha = keyed && png.key !== undefined && png.samples % 2 === 1;
  const channels = ((png.palette ? 3 : png.samples) + (alpha ? 1 : 0)) as Image['channels'];
  if (png.palette) return { channels, write: lookUp(png, channels) };
  const spread = spreadOut(png, channels);
  if (png.depth !== 8 || alpha) return { channels, write: spread };
  return { channels, write: (row, out, at, grid) => (grid.step === 1 ? out.set(row, at) : spread(row, out, at, grid)) };
}

function lookUp({ palette, key, depth }: PngSamples, channels: number): RowWriter {
  const colors = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    colors.set(palette!.subarray(i * 3, i * 3 + 3), i * 4);
    colors[i * 4 + 3] = key?.[i] ?? 255;
  }
  return (row, out, at, { count, step }) => {
    for (let pixel = 0, to = at; pixel < count; pixel++, to += step * channels) {
      const color = sampleAt(row, depth, pixel) * 4;
      for (let c = 0; c < channels; c++) out[to + c] = colors[color + c]!;
    }
  };
}

function spreadOut({ samples, depth, key }: PngSamples, channels: number): RowWriter {
  const scale = depth < 8 ? 255 / ((1 << depth) - 1) : 1;
  const shift = depth === 16 ? 8 : 0;
  const isKey = (row: Uint8Array, first: number) => {
    for (let s = 0; s < samples; s++) {
      if (sampleAt(row, depth, first + s) !== ((key![2 * s]! << 8) | key![2 * s + 1]!)) return false;
    }
    return true;
  };
  return (row, out, at, { count, step }) => {
    for (let pixel = 0, to = at; pixel < count; pixel++, to += step * channels) {
      const first = pixel * samples;
      for (let s = 0; s < samples; s++) out[to + s] = (sampleAt(row, depth, first + s) * scale) >> shift;
      if (channels > samples) out[to + samples] = isKey(row, first) ? 0 : 255;
    }
  };
}

/** The sample `index` of a row, in `[0, 2 ** depth)`. */
function sampleAt(row: Uint8Array, depth: number, index: number): number {
  if (depth === 8) return row[index]!;
  if (depth === 16) return (row[2 * index]! << 8) | row[2 * index + 1]!;
  const bit = index * depth;
  return (row[bit >> 3]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
}
