import {
  channels, columnOf, dilationX, filterHeight, filterWidth, height, lineOf, outHeight, outWidth, width,
} from './moves';
import { addTo, copy, zeros } from './runs';

/**
 * What a filter meets at the places from `first`, as rows `[count, filterHeight, filterWidth, channels]`; places are
 * counted in reading order, image after image. Outside the image it meets zeros.
 */
export function readPatches(images: usize, rows: usize, first: i32, count: i32): void {
  walk(images, rows, first, count, false);
}

/** The transpose: adds such rows to the images; what is outside is dropped. */
export function addPatches(images: usize, rows: usize, first: i32, count: i32): void {
  walk(images, rows, first, count, true);
}

function walk(images: usize, rows: usize, first: i32, count: i32, adds: bool): void {
  const image = <usize>(height * width * channels) << 2;
  // Neighbours under the filter are neighbours in the image, unless it is dilated.
  const together = dilationX == 1 ? filterWidth : 1;
  const step = <usize>(together * channels) << 2;
  let column = first % outWidth;
  let line = first / outWidth % outHeight;
  images += <usize>(first / outWidth / outHeight) * image;
  for (let i = 0; i < count; i++) {
    for (let fy = 0; fy < filterHeight; fy++) {
      const y = lineOf(line, fy);
      for (let fx = 0; fx < filterWidth; fx += together) {
        run(images, rows, y, columnOf(column, fx), together, adds);
        rows += step;
      }
    }
    if (++column < outWidth) continue;
    column = 0;
    if (++line < outHeight) continue;
    line = 0;
    images += image;
  }
}

/** `size` pixels from `x` in line `y`, of which some may be outside. */
// @ts-ignore: decorator
@inline export function run(images: usize, row: usize, y: i32, x: i32, size: i32, adds: bool): void {
  const inside = u32(y) < u32(height);
  const begin = inside ? min(max(-x, 0), size) : size;
  const end = inside ? max(min(width - x, size), begin) : size;
  const at = images + (<usize>((y * width + x + begin) * channels) << 2);
  const from = row + (<usize>(begin * channels) << 2);
  if (adds) {
    addTo(at, from, (end - begin) * channels);
    return;
  }
  if (begin) zeros(row, begin * channels);
  copy(from, at, (end - begin) * channels);
  if (end < size) zeros(row + (<usize>(end * channels) << 2), (size - end) * channels);
}
