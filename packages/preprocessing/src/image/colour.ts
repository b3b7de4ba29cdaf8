import { EmbeddingError } from '@diptych/core';
import type { Image } from './image.ts';
import { scale255 } from './premultiply.ts';

/**
 * Three channels, as Pillow's `convert('RGB')`: grey is repeated, alpha is dropped and its colour kept.
 * Pixels that already are RGB are shared, not copied.
 */
export function toRgb({ data, width, height, channels }: Image): Image {
  if (channels === 3) return { data, width, height, channels };
  const count = width * height;
  const out = new Uint8Array(count * 3);
  const [green, blue] = channels === 4 ? [1, 2] : [0, 0];
  for (let pixel = 0, from = 0, to = 0; pixel < count; pixel++, from += channels, to += 3) {
    out[to] = data[from]!;
    out[to + 1] = data[from + green]!;
    out[to + 2] = data[from + blue]!;
  }
  return { data: out, width, height, channels: 3 };
}

/** An opaque colour, each part in `[0, 255]`. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Three channels, alpha blended over `background`. */
export function flatten(image: Image, background: Rgb): Image {
  if (!background.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) {
    throw new EmbeddingError('INPUT_INVALID', `background: expected three integers in [0, 255], got [${background}]`);
  }
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
  const out = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - cmyk[from + 3]!;
    for (let c = 0; c < 3; c++) out[to++] = light - scale255(cmyk[from + c]!, light);
  }
  return out;
}
