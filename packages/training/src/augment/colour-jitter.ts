import { type Image, toGrey } from '@diptych/preprocessing/image';

/** Red, green and blue of every pixel, `channels` bytes apart; what follows them stays. */
type Adjust = (image: Image, factor: number) => Image;

/** As Pillow's `Image.blend` of a grey and the image: float32, cut off, and held in `[0, 255]`. */
function blend(grey: number, value: number, factor: number): number {
  const mixed = Math.fround(grey + Math.fround(factor * (value - grey)));
  return Math.trunc(Math.min(255, Math.max(0, mixed)));
}

/** @param greyOf Of the pixel with this number. */
function blended(image: Image, given: number, greyOf: (pixel: number) => number): Image {
  const factor = Math.fround(given);
  const { channels } = image;
  const data = image.data.slice();
  for (let at = 0, pixel = 0; at < data.length; at += channels, pixel++) {
    const grey = greyOf(pixel);
    for (let c = at; c < at + 3; c++) data[c] = blend(grey, data[c]!, factor);
  }
  return { ...image, data };
}

/** Towards black, or away from it: `adjust_brightness` of torchvision on images of Pillow. */
export const adjustBrightness: Adjust = (image, factor) => blended(image, factor, () => 0);

/** Towards the image's mean grey, rounded: `adjust_contrast`. */
export const adjustContrast: Adjust = (image, factor) => {
  const { data } = toGrey(image);
  const mean = Math.trunc(data.reduce((sum, value) => sum + value, 0) / data.length + 0.5);
  return blended(image, factor, () => mean);
};

/** Towards each pixel's own grey: `adjust_saturation`. */
export const adjustSaturation: Adjust = (image, factor) => {
  const { data } = toGrey(image);
  return blended(image, factor, (pixel) => data[pixel]!);
};

/**
 * Turns the hue of every pixel, in steps of 1/255 of the circle: `adjust_hue`.
 *
 * @param turn In `[-0.5, 0.5]`.
 */
export const adjustHue: Adjust = (image, turn) => {
  const shift = Math.trunc(turn * 255) & 0xff;
  const { channels } = image;
  const data = image.data.slice();
  for (let at = 0; at < data.length; at += channels) {
    const [hue, saturation, value] = hsvOf(data[at]!, data[at + 1]!, data[at + 2]!);
    data.set(rgbOf((hue + shift) & 0xff, saturation, value), at);
  }
  return { ...image, data };
};

type Triple = readonly [number, number, number];

/** As Pillow's `convert('HSV')`, each part of 255. */
function hsvOf(red: number, green: number, blue: number): Triple {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range === 0) return [0, 0, most];
  const below = (part: number) => Math.fround((most - part) / range);
  const [r, g, b] = [below(red), below(green), below(blue)];
  const sixth = red === most ? b - g : green === most ? 2 + r - b : 4 + g - r;
  const hue = Math.fround((Math.fround(sixth) / 6 + 1) % 1);
  return [Math.trunc(hue * 255), Math.trunc(Math.fround(range / most) * 255), most];
}

/** And back. */
function rgbOf(hue: number, saturation: number, value: number): Triple {
  if (saturation === 0) return [value, value, value];
  const angle = (hue * 6) / 255;
  const sector = Math.floor(angle);
  const [rest, part] = [Math.fround(angle - sector), Math.fround(saturation / 255)];
  const low = Math.round(value * (1 - part));
  const falling = Math.round(value * (1 - Math.fround(part * rest)));
  const rising = Math.round(value * (1 - part * (1 - rest)));
  const sectors: readonly Triple[] = [
    [value, rising, low],
    [falling, value, low],
    [low, value, rising],
    [low, falling, value],
    [rising, low, value],
    [value, low, falling],
  ];
  return sectors[sector % 6]!;
}
