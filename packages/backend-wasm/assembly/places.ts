import { ROW_BYTES } from './describe-rows';
import {
  columnOf, dilationX, dilationY, filterWidth, height, lineOf, outHeight, outWidth, receiveMoves, sendMoves, width,
} from './moves';
import { packFour, packOne, packTwo } from './pack-rows';
import { argument, setArgument } from './pool';

/**
 * Rows of a left factor that nobody wrote down: what a filter meets at each place of the result. Of a place are kept where its
 * image and what stands for pixels outside it begin, addresses, and the line and the column that the filter's first number meets.
 */
const PLACE_BYTES: usize = 16;

/** Numbers of 32 bits in a pixel: float32, or several codes each. */
let steps: i32;

/**
 * Writes the places of `n` images, `imageBytes` apart as what is outside is, in reading order. A pixel has `pixelSteps` numbers of 32
 * bits. They are for products until the filter moves otherwise.
 */
export function writePlaces(
  images: usize, imageBytes: usize, outside: usize, outsideBytes: usize, n: i32, pixelSteps: i32, to: usize,
): void {
  steps = pixelSteps;
  for (let image = 0; image < n; image++) {
    for (let line = 0; line < outHeight; line++) {
      for (let column = 0; column < outWidth; column++) {
        store<u32>(to, <u32>images);
        store<u32>(to, <u32>outside, 4);
        store<i32>(to, lineOf(line, 0), 8);
        store<i32>(to, columnOf(column, 0), 12);
        to += PLACE_BYTES;
      }
    }
    images += imageBytes;
    outside += outsideBytes;
  }
}

/** What is known of each place's row: that of its image, which stands before what is outside it. */
export function describePlaces(places: usize, count: i32, to: usize): void {
  for (let i = 0; i < count; i++) {
    v128.store(to, v128.load(<usize>load<u32>(places, 4) - ROW_BYTES));
    to += ROW_BYTES;
    places += PLACE_BYTES;
  }
}

/** `packRows` of what `rows` places meet, from step `begin` on. */
export function packPlaces(places: usize, to: usize, rows: i32, begin: i32, size: i32): void {
  let met = begin / steps;
  let from = begin % steps;
  while (size > 0) {
    const run = min(size, steps - from);
    const y = met / filterWidth * dilationY, x = met % filterWidth * dilationX;
    const at = <usize>from << 2;
    let place = places;
    let left = rows;
    for (; left >= 4; left -= 4) {
      packFour(
        pixelOf(place, y, x) + at, pixelOf(place + PLACE_BYTES, y, x) + at, pixelOf(place + 2 * PLACE_BYTES, y, x) + at,
        pixelOf(place + 3 * PLACE_BYTES, y, x) + at, to + (<usize>(rows - left) << 2), rows, run,
      );
      place += 4 * PLACE_BYTES;
    }
    for (; left >= 2; left -= 2) {
      packTwo(pixelOf(place, y, x) + at, pixelOf(place + PLACE_BYTES, y, x) + at, to + (<usize>(rows - left) << 2), rows, run);
      place += 2 * PLACE_BYTES;
    }
    if (left) packOne(pixelOf(place, y, x) + at, 4, to + (<usize>(rows - 1) << 2), rows, run);
    to += <usize>(rows * run) << 2;
    size -= run;
    from = 0;
    met++;
  }
}

/** Where a place's pixel lies, some lines and columns after its first. */
// @ts-ignore: decorator
@inline export function pixelOf(place: usize, y: i32, x: i32): usize {
  const line = load<i32>(place, 8) + y;
  const column = load<i32>(place, 12) + x;
  if (u32(line) >= u32(height) || u32(column) >= u32(width)) return load<u32>(place, 4);
  return <usize>load<u32>(place) + (<usize>((line * width + column) * steps) << 2);
}

/** Tells other threads, in argument `i` and those behind it, what rows are packed by. */
export function sendPlaces(i: i32): void {
  setArgument(i, steps);
  sendMoves(i + 1);
}

export function receivePlaces(i: i32): void {
  steps = <i32>argument(i);
  receiveMoves(i + 1);
}
