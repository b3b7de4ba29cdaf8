import type { WeightType } from '@diptych/core';
import { formats, type RightFactor } from './product.ts';
import type { Runtime } from './runtime.ts';
import type { Address } from './tfjs-inside.ts';
import type { Windows } from './windows.ts';

/** Bytes of a place and of what is known of a row of codes, as the kernels have them. */
const [placeBytes, rowBytes] = [16, 16];

/**
 * Room for `writePlaces`; 0 where patches are better: for few channels, and in integers where a filter leaves pixels out, since all
 * are rounded.
 */
export function placesBytes({ info, plain, rows }: Windows, dtype: WeightType): number {
  const { filterHeight, filterWidth, strideHeight, strideWidth, inChannels, batchSize } = info;
  const skips = dtype !== 'float32' && filterHeight * filterWidth <= strideHeight * strideWidth;
  if (plain || skips || inChannels % 16 !== 0) return 0;
  const { pixel, image } = sizesOf(info, formats[dtype]);
  return placeBytes * rows + (dtype === 'float32' ? pixel : batchSize * image);
}

/** Bytes of a pixel of the left factor, and of an image of codes with what stands behind it. */
function sizesOf({ inChannels, inHeight, inWidth }: Windows['info'], format: number) {
  const pixel = (4 * inChannels) >> format;
  return { pixel, image: pixel * (inHeight * inWidth + 1) + rowBytes };
}

/**
 * Writes what products read in place of patches: where each place of the result looks, and the codes of the images where `b` is of
 * integers, each pixel once.
 *
 * @returns Which images have it, those whose numbers one step suits; none for all of them.
 */
export function writePlaces(
  { kernels }: Runtime,
  { info, length: k, rows }: Windows,
  { format, b }: RightFactor,
  { images, room }: { readonly images: Address; readonly room: Address },
): readonly boolean[] {
  const { batchSize: n, inChannels, inHeight, inWidth, outChannels } = info;
  const { pixel, image } = sizesOf(info, format);
  const pixels = inHeight * inWidth;
  const step = 4 * pixels * inChannels;
  const beside = room + placeBytes * rows;
  if (format === 0) {
    kernels.zeros(beside, inChannels);
    kernels.writePlaces(images, step, beside, 0, n, inChannels, room);
    return [];
  }
  kernels.writePlaces(beside, image, beside + image - pixel, image, n, pixel / 4, room);
  const placed = Array.from({ length: n }, (_, i) => {
    return kernels.quantizeImage(images + i * step, beside + i * image, pixels, inChannels, b, k, outChannels, format);
  });
  return placed.every(Boolean) ? [] : placed;
}

/** The rows of a place and those after it, as a product reads them. */
export function placesFrom(
  room: Address,
  first: number,
): { readonly at: Address; readonly row: number; readonly column: 0 } {
  return { at: room + placeBytes * first, row: placeBytes, column: 0 };
}
