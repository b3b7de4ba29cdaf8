import { addTo, copy, zeros } from './runs';

/**
 * Which number of an image `[height, width, channels]` meets which of a filter. Everything is in pixels; `top` and `left`
 * are the padding before the image.
 */
let height: i32, width: i32, pixel: i32, outHeight: i32, outWidth: i32;
let filterHeight: i32, filterWidth: i32, top: i32, left: i32;
let strideY: i32, strideX: i32, dilationY: i32, dilationX: i32;

/** Sets what the two below go by. */
export function filterMoves(
  imageHeight: i32, imageWidth: i32, channels: i32, newHeight: i32, newWidth: i32,
  sizeY: i32, sizeX: i32, padTop: i32, padLeft: i32, stepY: i32, stepX: i32, spreadY: i32, spreadX: i32,
): void {
  height = imageHeight, width = imageWidth, pixel = channels, outHeight = newHeight, outWidth = newWidth;
  filterHeight = sizeY, filterWidth = sizeX, top = padTop, left = padLeft;
  strideY = stepY, strideX = stepX, dilationY = spreadY, dilationX = spreadX;
}

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
  const image = <usize>(height * width * pixel) << 2;
  // Neighbours under the filter are neighbours in the image, unless it is dilated.
  const together = dilationX == 1 ? filterWidth : 1;
  const step = <usize>(together * pixel) << 2;
  let column = first % outWidth;
  let line = first / outWidth % outHeight;
  images += <usize>(first / outWidth / outHeight) * image;
  for (let i = 0; i < count; i++) {
    for (let fy = 0; fy < filterHeight; fy++) {
      const y = line * strideY - top + fy * dilationY;
      for (let fx = 0; fx < filterWidth; fx += together) {
        const x = column * strideX - left + fx * dilationX;
        run(images, rows, y, x, together, adds);
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
  const at = images + (<usize>((y * width + x + begin) * pixel) << 2);
  const from = row + (<usize>(begin * pixel) << 2);
  if (adds) {
    addTo(at, from, (end - begin) * pixel);
    return;
  }
  if (begin) zeros(row, begin * pixel);
  copy(from, at, (end - begin) * pixel);
  if (end < size) zeros(row + (<usize>(end * pixel) << 2), (size - end) * pixel);
}
