import { EmbeddingError, expectMembers, kindOf } from '@diptych/core';
import { type Image, toRgb } from './image.ts';
import { scale255 } from './premultiply.ts';

/** An opaque colour, each part in `[0, 255]`. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Throws for what is no colour. */
export function checkColour(background: Rgb): void {
  const parts: readonly unknown[] = Array.isArray(background) ? background : [];
  if (parts.length === 3 && parts.every((part) => Number.isInteger(part) && Number(part) >= 0 && Number(part) <= 255)) {
    return;
  }
  const got = parts.length > 0 ? `[${parts.map(String).join()}]` : kindOf(background);
  throw new EmbeddingError('INPUT_INVALID', { where: 'background', expected: 'three integers in [0, 255]', got });
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
