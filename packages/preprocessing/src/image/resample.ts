import { type Coefficients, coefficients, type Kernel, precision } from './filters.ts';
import type { Image, Window } from './image.ts';

const half = 1 << (precision - 1);

/**
 * The pixels of `window` in `image` scaled to `width` by `height`: horizontal pass, rounded to 8 bits, then vertical.
 * Only the source rows that the window needs are read. Sums stay below 2 ** 31, so 32-bit arithmetic is exact.
 */
export function resample(
  image: Image,
  kernel: Kernel,
  { width, height }: { readonly width: number; readonly height: number },
  window: Window,
): Uint8Array {
  const columns = coefficients(kernel, { size: image.width, outSize: width }, window.left, window.left + window.width);
  const rows = coefficients(kernel, { size: image.height, outSize: height }, window.top, window.top + window.height);
  const last = rows.first.length - 1;
  const top = rows.first[0]!;
  const bottom = rows.first[last]! + rows.counts[last]!;
  const narrow = horizontal(image, columns, top, bottom);
  return vertical(narrow, rows, top, window.width * image.channels);
}

function horizontal({ data, width, channels }: Image, table: Coefficients, top: number, bottom: number): Uint8Array {
  const samples = table.first.length;
  const out = new Uint8Array((bottom - top) * samples * channels);
  const clamped = new Uint8ClampedArray(out.buffer);
  for (let y = top; y < bottom; y++) {
    const from = y * width * channels;
    const to = (y - top) * samples * channels;
    if (channels === 3) horizontalRgb(data, from, table, clamped, to);
    else for (let c = 0; c < channels; c++) horizontalRow(data, from + c, channels, table, clamped, to + c);
  }
  return out;
}

function horizontalRow(
  src: Uint8Array,
  from: number,
  step: number,
  table: Coefficients,
  out: Uint8ClampedArray,
  to: number,
) {
  const { first, counts, weights, taps } = table;
  for (let x = 0; x < first.length; x++) {
    let at = from + first[x]! * step;
    let sum = half;
    for (let k = x * taps, end = k + counts[x]!; k < end; k++, at += step) {
      sum = (sum + Math.imul(src[at]!, weights[k]!)) | 0;
    }
    out[to + x * step] = sum >> precision;
  }
}

/** Three channels at once: each weight is loaded once. */
function horizontalRgb(src: Uint8Array, from: number, table: Coefficients, out: Uint8ClampedArray, to: number) {
  const { first, counts, weights, taps } = table;
  for (let x = 0; x < first.length; x++) {
    let at = from + first[x]! * 3;
    let red = half;
    let green = half;
    let blue = half;
    for (let k = x * taps, end = k + counts[x]!; k < end; k++, at += 3) {
      const weight = weights[k]!;
      red = (red + Math.imul(src[at]!, weight)) | 0;
      green = (green + Math.imul(src[at + 1]!, weight)) | 0;
      blue = (blue + Math.imul(src[at + 2]!, weight)) | 0;
    }
    out[to + x * 3] = red >> precision;
    out[to + x * 3 + 1] = green >> precision;
    out[to + x * 3 + 2] = blue >> precision;
  }
}

function vertical(src: Uint8Array, table: Coefficients, top: number, rowLength: number): Uint8Array {
  const { first, counts, weights, taps } = table;
  const out = new Uint8Array(first.length * rowLength);
  const clamped = new Uint8ClampedArray(out.buffer);
  for (let y = 0; y < first.length; y++) {
    const start = (first[y]! - top) * rowLength;
    const firstWeight = y * taps;
    const end = firstWeight + counts[y]!;
    for (let i = 0; i < rowLength; i++) {
      let sum = half;
      for (let k = firstWeight, at = start + i; k < end; k++, at += rowLength) {
        sum = (sum + Math.imul(src[at]!, weights[k]!)) | 0;
      }
      clamped[y * rowLength + i] = sum >> precision;
    }
  }
  return out;
}
