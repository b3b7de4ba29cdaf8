import { expectMembers } from '@diptych/core';

/** Decoded pixels, 8 bits a sample. */
export interface Image {
  /** Row-major `[height, width, channels]`. */
  readonly data: Uint8Array;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. Alpha is straight: colour is not multiplied by it. */
  readonly channels: 1 | 2 | 3 | 4;
  /** From a palette or one bit a pixel. Pillow resizes such an image by nearest neighbour, whatever the filter. */
  readonly indexed?: boolean;
}

/** A rectangle of pixels; `left` and `top` may lie outside the image. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which reference decides the odd pixel of a centre crop and of its padding. */
export type CropRounding = 'hf' | 'torchvision';

/** Size of a centre crop, in pixels. */
export interface Crop {
  readonly width: number;
  readonly height: number;
  /** `torchvision` is also what OpenAI and open_clip use. Default `hf`. */
  readonly rounding?: CropRounding;
}

/** Where the centre crop of an image lies; a negative `left` or `top` counts padding. */
export function cropWindow(size: { readonly width: number; readonly height: number }, crop: Crop): Window {
  const offset = offsets[crop.rounding ?? 'hf'];
  const { width, height } = crop;
  return { left: offset(size.width - width), top: offset(size.height - height), width, height };
}

/** The middle `width` by `height` pixels. Where the image is smaller, zeros surround it. */
export function centerCrop(image: Image, crop: Crop): Image {
  expectSizes(image, crop);
  return cutOut(image, cropWindow(image, crop));
}

/** `image` in the middle of at least `width` by `height` pixels, zeros around it. */
export function pad(image: Image, crop: Crop): Image {
  expectSizes(image, crop);
  const width = Math.max(image.width, crop.width);
  const height = Math.max(image.height, crop.height);
  return centerCrop(image, { ...crop, width, height });
}

/** The pixels of a window that may reach outside the image, where they are zero. */
export function cutOut(image: Image, window: Window): Image {
  const { channels } = image;
  const data = new Uint8Array(window.width * window.height * channels);
  const seen = overlap(image, window);
  for (let y = seen.top; y < seen.top + seen.height; y++) {
    const from = (y * image.width + seen.left) * channels;
    const to = ((y - window.top) * window.width + seen.left - window.left) * channels;
    data.set(image.data.subarray(from, from + seen.width * channels), to);
  }
  return { ...image, data, width: window.width, height: window.height };
}

/** The part of a window that lies on the image. */
export function overlap(size: { readonly width: number; readonly height: number }, window: Window): Window {
  const left = Math.max(0, window.left);
  const top = Math.max(0, window.top);
  const width = Math.min(size.width, window.left + window.width) - left;
  const height = Math.min(size.height, window.top + window.height) - top;
  return { left, top, width, height };
}

/** First pixel of the crop, from the pixels that remain beside it. */
const offsets: Readonly<Record<CropRounding, (rest: number) => number>> = {
  hf: (rest) => Math.floor(rest / 2),
  torchvision: (rest) => (rest < 0 ? Math.trunc(rest / 2) : halfToEven(rest / 2)),
};

/** Python's `round`. */
function halfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}

function expectSizes(image: Image, crop: Crop): void {
  expectMembers(image, 'image', 'data', 'width', 'height');
  expectMembers(crop, 'crop', 'width', 'height');
}

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

/** Stored pixels to upright pixels. `orientation` counts as EXIF does: 1 upright, 3 upside down, 6 and 8 on a side. */
export function orient(image: Image, orientation: number): Image {
  if (orientation === 1) return image;
  const { data, channels } = image;
  const [width, height] = orientation > 4 ? [image.height, image.width] : [image.width, image.height];
  const { origin, right, down } = steps(image.width, image.height, orientation);
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (origin + x * right + y * down) * channels;
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!;
    }
  }
  return { ...image, data: out, width, height };
}

/** Stored index of the upright top left pixel, and how it moves one pixel right and one down. */
function steps(width: number, height: number, orientation: number): { origin: number; right: number; down: number } {
  const [topRight, bottomLeft, bottomRight] = [width - 1, (height - 1) * width, height * width - 1];
  const table = [
    [0, 1, width],
    [topRight, -1, width],
    [bottomRight, -1, -width],
    [bottomLeft, 1, -width],
    [0, width, 1],
    [bottomLeft, -width, 1],
    [bottomRight, -width, -1],
    [topRight, width, -1],
  ] as const;
  const [origin, right, down] = table[orientation - 1] ?? table[0];
  return { origin, right, down };
}
