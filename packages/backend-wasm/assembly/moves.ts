import { argument, setArgument } from './pool';

/** How a filter moves over images `[n, height, width, channels]`, in pixels. Kernels do not run inside one another. */
export let height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32;
export let filterHeight: i32, filterWidth: i32;
/** Padding before an image. */
export let top: i32, left: i32;
export let strideY: i32, strideX: i32, dilationY: i32, dilationX: i32;

/** Sets what the kernels below go by: patches, pooling, depthwise convolutions. */
export function filterMoves(
  imageHeight: i32, imageWidth: i32, depth: i32, newHeight: i32, newWidth: i32,
  sizeY: i32, sizeX: i32, padTop: i32, padLeft: i32, stepY: i32, stepX: i32, spreadY: i32, spreadX: i32,
): void {
  height = imageHeight, width = imageWidth, channels = depth, outHeight = newHeight, outWidth = newWidth;
  filterHeight = sizeY, filterWidth = sizeX, top = padTop, left = padLeft;
  strideY = stepY, strideX = stepX, dilationY = spreadY, dilationX = spreadX;
}

/** Tells other threads, in thirteen arguments from `i` on. */
export function sendMoves(i: i32): void {
  setArgument(i, height), setArgument(i + 1, width), setArgument(i + 2, channels), setArgument(i + 3, outHeight);
  setArgument(i + 4, outWidth), setArgument(i + 5, filterHeight), setArgument(i + 6, filterWidth), setArgument(i + 7, top);
  setArgument(i + 8, left), setArgument(i + 9, strideY), setArgument(i + 10, strideX), setArgument(i + 11, dilationY);
  setArgument(i + 12, dilationX);
}

export function receiveMoves(i: i32): void {
  filterMoves(
    <i32>argument(i), <i32>argument(i + 1), <i32>argument(i + 2), <i32>argument(i + 3), <i32>argument(i + 4),
    <i32>argument(i + 5), <i32>argument(i + 6), <i32>argument(i + 7), <i32>argument(i + 8), <i32>argument(i + 9),
    <i32>argument(i + 10), <i32>argument(i + 11), <i32>argument(i + 12),
  );
}

/** The line of an image that line `fy` of the filter meets at `line` of the result; it may be outside. */
// @ts-ignore: decorator
@inline export function lineOf(line: i32, fy: i32): i32 {
  return line * strideY - top + fy * dilationY;
}

/** The same for columns. */
// @ts-ignore: decorator
@inline export function columnOf(column: i32, fx: i32): i32 {
  return column * strideX - left + fx * dilationX;
}

/** The first column of the result at which column `fx` of the filter is inside the image, or after the last one. */
export function firstColumn(fx: i32): i32 {
  return max(0, (left - fx * dilationX + strideX - 1) / strideX);
}

/** The column after the last such one, or before the first. */
export function endColumn(fx: i32): i32 {
  return min(outWidth, (width + left - fx * dilationX + strideX - 1) / strideX);
}
