import { EmbeddingError, expectMembers } from '@diptych/core';
import { describe } from './describe.ts';
import type { Image } from './image.ts';
import { scale255 } from './premultiply.ts';

/**
 * Three channels, as Pillow's `convert('RGB')`: grey is repeated, alpha is dropped and its colour kept.
 * Pixels that already are RGB are shared, not copied.
 */
export function toRgb(image: Image): Image {
  expectMembers(image, 'image', 'data', 'width', 'height');
  const { data, width, height, channels } = image;
  if (channels === 3) return { data, width, height, channels };
  const out = new Uint8Array(width * height * 3);
  if (channels === 4) dropAlpha(data, out);
  else repeatGrey(data, channels, out);
  return { data: out, width, height, channels: 3 };
}

function repeatGrey(data: Uint8Array, step: number, out: Uint8Array): void {
  for (let from = 0, to = 0; to < out.length; from += step) {
    out[to++] = data[from]!;
    out[to++] = data[from]!;
    out[to++] = data[from]!;
  }
}

/** As `toRgb` for RGBA pixels that nobody else holds: in their own memory, which is faster than to ask for more. */
export function toRgbInPlace({ data, width, height }: Image): Image {
  const out = data.subarray(0, width * height * 3);
  dropAlpha(data, out);
  return { data: out, width, height, channels: 3 };
}

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Four pixels, three words, at a time where words are laid out like that. `out` may begin where `data` does. */
function dropAlpha(data: Uint8Array, out: Uint8Array): void {
  const groups = littleEndian && data.byteOffset % 4 === 0 ? Math.floor(data.length / 16) : 0;
  const from = new Uint32Array(data.buffer, groups ? data.byteOffset : 0, groups * 4);
  const to = new Uint32Array(out.buffer, groups ? out.byteOffset : 0, groups * 3);
  for (let i = 0, j = 0; j < to.length; i += 4, j += 3) {
    const [second, third] = [from[i + 1]!, from[i + 2]!];
    to[j] = (from[i]! & 0xffffff) | (second << 24);
    to[j + 1] = ((second >>> 8) & 0xffff) | (third << 16);
    to[j + 2] = ((third >>> 16) & 0xff) | (from[i + 3]! << 8);
  }
  for (let at = groups * 16, i = groups * 12; i < out.length; at += 4, i += 3) {
    out[i] = data[at]!;
    out[i + 1] = data[at + 1]!;
    out[i + 2] = data[at + 2]!;
  }
}

/** An opaque colour, each part in `[0, 255]`. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Throws for what is no colour. */
export function checkColour(background: Rgb): void {
  const parts: readonly unknown[] = Array.isArray(background) ? background : [];
  if (parts.length === 3 && parts.every((part) => Number.isInteger(part) && Number(part) >= 0 && Number(part) <= 255)) {
    return;
  }
  const got = parts.length > 0 ? `[${parts.map(String).join()}]` : describe(background);
  throw new EmbeddingError('INPUT_INVALID', `background: expected three integers in [0, 255], got ${got}`);
}

/** Three channels, alpha blended over `background`. */
export function flatten(image: Image, background: Rgb): Image {
  checkColour(background);
  const rgb = toRgb(image);
  const { channels } = image;
  if (channels === 1 || channels === 3) return rgb;
  for (let pixel = 0, alphaAt = channels - 1; pixel < rgb.data.length; pixel += 3, alphaAt += channels) {
    const alpha = image.data[alphaAt]!;
    for (let c = 0; c < 3; c++) {
      rgb.data[pixel + c] = Math.round((rgb.data[pixel + c]! * alpha + background[c]! * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

/** One channel: luma of ITU-R 601, as Pillow's `convert('L')`. */
export function toGrey(image: Image): Image {
  const { data, width, height } = toRgb(image);
  const out = new Uint8Array(width * height);
  for (let pixel = 0; pixel < out.length; pixel++) {
    const [red, green, blue] = [data[pixel * 3]!, data[pixel * 3 + 1]!, data[pixel * 3 + 2]!];
    out[pixel] = (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
  }
  return { data: out, width, height, channels: 1 };
}

/** Ink (255 is full, four bytes a pixel) to RGB, as Pillow does without a colour profile. */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  expectMembers(cmyk, 'cmykToRgb', 'length');
  const out = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let c = 0; c < 3; c++) out[to++] = light - scale255(cmyk[from + c]!, light);
  }
  return out;
}
