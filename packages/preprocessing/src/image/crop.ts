import { expectMembers } from '@diptych/core';
import type { Image, Window } from './image.ts';

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
