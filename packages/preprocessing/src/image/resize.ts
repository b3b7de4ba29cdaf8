import { EmbeddingError, expectMembers, kindOf } from '@diptych/core';
import { type Filter, type Kernel, kernels } from './filters.ts';
import type { Image, Window } from './image.ts';
import { nearest } from './nearest.ts';
import { premultiply, unpremultiply } from './premultiply.ts';
import { resample } from './resample.ts';
import { loadResizeKernels, type ResizeKernels, simdResample } from './simd/simd-resample.ts';

/** What `resizeImage` makes. */
export interface Resize {
  /** Width of the whole result, in pixels. */
  readonly width: number;
  /** Height of the whole result, in pixels. */
  readonly height: number;
  readonly filter: Filter;
  /** The only part of the result to compute; must lie inside it. Default all. */
  readonly window?: Window;
}

/** Longest side that tables of weights are built for, in pixels. */
const maxSide = 2 ** 24;

/**
 * Pixels at another size, bit for bit as Pillow's `Image.resize`: antialiased, fixed point, two rounded passes.
 *
 * Alpha is multiplied in before and divided out after. An `indexed` image is resized by `nearest`, as Pillow does.
 *
 * @throws {EmbeddingError} `INPUT_INVALID` when a size is not a positive integer, the filter is none or the window leaves the result,
 *   `IMAGE_TOO_LARGE` when a side is over 2 ** 24 pixels.
 */
export function resizeImage(image: Image, target: Resize): Image {
  expectMembers(image, 'image', 'data', 'width', 'height');
  expectMembers(target, 'resize', 'width', 'height');
  const { width, height, window = { left: 0, top: 0, width, height } } = target;
  checkTarget(image, target, window);
  return { ...image, width: window.width, height: window.height, data: resized(image, target, window) };
}

function resized(image: Image, { width, height, filter }: Resize, window: Window): Uint8Array {
  const unchanged = width === image.width && height === image.height;
  if (unchanged || filter === 'nearest' || image.indexed) return nearest(image, { width, height }, window);
  const kernel = kernels[filter];
  const { channels } = image;
  if (channels === 1 || channels === 3) return resampled(image, kernel, { width, height }, window);
  const data = resampled({ ...image, data: premultiply(image) }, kernel, { width, height }, window);
  unpremultiply(data, channels);
  return data;
}

function checkTarget(image: Image, { width, height, filter }: Resize, { left, top, ...size }: Window): void {
  const inside = left >= 0 && top >= 0 && left + size.width <= width && top + size.height <= height;
  if (filter !== 'nearest' && !Object.hasOwn(kernels, filter)) {
    const known = ['nearest', ...Object.keys(kernels)].join();
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'resize',
      expected: `a filter of ${known}`,
      got: kindOf(filter),
    });
  }
  const positive = [width, height, size.width, size.height].every((side) => Number.isInteger(side) && side > 0);
  if (!positive || !inside || !Number.isInteger(left) || !Number.isInteger(top)) {
    const got = `window ${size.width}x${size.height} at ${left},${top} of ${width}x${height}`;
    throw new EmbeddingError('INPUT_INVALID', {
      where: 'resize',
      expected: 'positive integer pixels inside the result',
      got,
    });
  }
  if (Math.max(width, height, image.width, image.height) > maxSide) {
    const got = `${image.width}x${image.height} to ${width}x${height}`;
    throw new EmbeddingError('IMAGE_TOO_LARGE', { where: 'resize', expected: `sides up to ${maxSide} pixels`, got });
  }
}

let simd: ResizeKernels | undefined;
let starting: Promise<boolean> | undefined;

/** Whether resizing is done in SIMD from now on. Without it the pixels are the same and take some five times as long. */
export function startKernels(): Promise<boolean> {
  return (starting ??= loadResizeKernels().then(
    (loaded) => Boolean((simd = loaded)),
    () => false,
  ));
}

/** As `resample`, by the kernels where they were started. */
function resampled(
  image: Image,
  kernel: Kernel,
  size: { readonly width: number; readonly height: number },
  window: Window,
): Uint8Array {
  const fast = simd && simdResample(simd, image, kernel, size, window);
  return fast ?? resample(image, kernel, size, window);
}
