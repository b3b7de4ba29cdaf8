import { CHANNELS, depthwiseTile, Eight, Four, linesKept, One, PIXEL, tilesOf, Two } from './depthwise-tile';
import { spread } from './depthwise-grad';
import {
  channels, dilationX, filterHeight, filterWidth, height, left, outHeight, outWidth, strideX, strideY, top, width,
} from './moves';
import { zeros } from './runs';

/** Room for the filters of some channels, and for those lines of an image, its borders included, that a filter meets. */
export function depthwiseScratchBytes(): usize {
  return PIXEL * <usize>(filterHeight * filterWidth + linesKept() * lineWidth());
}

function lineWidth(): i32 {
  return (outWidth - 1) * strideX + (filterWidth - 1) * dilationX + 1;
}

// What is being computed. Kernels do not run inside one another.
let multiplier: i32, outputs: i32, lines: usize, lineBytes: usize, count: i32;

/**
 * `activation(filtered + bias)`: each channel of images `[n, height, width, channels]` by filters of its own, `[filterHeight,
 * filterWidth, channels, times]`, to `[n, outHeight, outWidth, channels · times]`. `biasAt` is 0 where there is none.
 * Computed are the parts from `from` to before `end`, of which an image has one for every sixteen channels of the result.
 *
 * Each sum starts with the bias and runs over the filter in its order, wherever the place lies.
 */
export function depthwiseParts(
  x: usize, filter: usize, biasAt: usize, to: usize, times: i32, activationKind: i32, scratch: usize, from: i32, end: i32,
): void {
  multiplier = times, outputs = channels * times;
  lines = scratch + PIXEL * <usize>(filterHeight * filterWidth), lineBytes = PIXEL * <usize>lineWidth();
  const blocks = depthwiseBlocks(times);
  for (; from < end; from++) {
    const item = from / blocks;
    const channel = (from % blocks) * CHANNELS;
    count = min(CHANNELS, outputs - channel);
    packFilters(filter + (<usize>channel << 2), scratch);
    tilesOf(lines, lineBytes, outputs, biasAt ? biasAt + (<usize>channel << 2) : 0, activationKind, count);
    filterImage(
      x + (<usize>item * <usize>(height * width * channels) << 2), channel, scratch,
      to + ((<usize>item * <usize>(outHeight * outWidth * outputs) + channel) << 2),
    );
  }
}

/** Parts of one image. */
export function depthwiseBlocks(times: i32): i32 {
  return (channels * times + CHANNELS - 1) / CHANNELS;
}

/** Sixteen channels of each number of the filter, zeros beyond the last. */
function packFilters(filter: usize, to: usize): void {
  const size = filterHeight * filterWidth;
  for (let i = 0; i < size; i++) {
    memory.copy(to, filter, <usize>count << 2);
    if (count < CHANNELS) zeros(to + (<usize>count << 2), CHANNELS - count);
    to += PIXEL;
    filter += <usize>outputs << 2;
  }
}

function filterImage(image: usize, channel: i32, filters: usize, to: usize): void {
  const kept = linesKept();
  let next = 0;
  for (let row = 0; row < outHeight; row++) {
    const first = row * strideY;
    next = max(next, first);
    for (; next < first + kept; next++) readLine(image, channel, next - top, lines + <usize>(next % kept) * lineBytes);
    filterLine(first % kept, filters, to);
    to += <usize>(outWidth * outputs) << 2;
  }
}

/** A line of sixteen channels, as each output has its input, with zeros where the image is not. */
function readLine(image: usize, channel: i32, y: i32, to: usize): void {
  const all = lineWidth();
  if (u32(y) >= u32(height)) {
    zeros(to, all * CHANNELS);
    return;
  }
  const begin = min(all, left);
  const end = min(all, left + width);
  zeros(to, begin * CHANNELS);
  zeros(to + PIXEL * <usize>end, (all - end) * CHANNELS);
  to += PIXEL * <usize>begin;
  let from = image + (<usize>(y * width * channels) << 2);
  for (let i = begin; i < end; i++) {
    if (multiplier == 1 && count == CHANNELS) {
      const at = from + (<usize>channel << 2);
      v128.store(to, v128.load(at));
      v128.store(to, v128.load(at, 16), 16);
      v128.store(to, v128.load(at, 32), 32);
      v128.store(to, v128.load(at, 48), 48);
    } else for (let c = 0; c < count; c += 4) v128.store(to + (<usize>c << 2), spread(from, channel + c, multiplier));
    to += PIXEL;
    from += <usize>channels << 2;
  }
}

/** `slot` is where the first line that the filter meets is kept. */
function filterLine(slot: i32, filters: usize, to: usize): void {
  let column = 0;
  while (column < outWidth) {
    // The last tiles overlap those before them: what is computed twice is the same.
    const rest = outWidth - column;
    const places = strideX > 2 || outWidth < 4 ? 1 : outWidth >= 8 && rest > 4 ? 8 : 4;
    const start = min(column, outWidth - places);
    const at = PIXEL * <usize>(start * strideX);
    const target = to + (<usize>(start * outputs) << 2);
    for (let c = 0; c < count; c += 4) {
      const lane = <usize>c << 2;
      if (places == 8) {
        if (strideX == 1) depthwiseTile<Eight, One>(slot, at + lane, filters + lane, target + lane, c);
        else depthwiseTile<Eight, Two>(slot, at + lane, filters + lane, target + lane, c);
      } else if (places == 4) {
        if (strideX == 1) depthwiseTile<Four, One>(slot, at + lane, filters + lane, target + lane, c);
        else depthwiseTile<Four, Two>(slot, at + lane, filters + lane, target + lane, c);
      } else depthwiseTile<One, One>(slot, at + lane, filters + lane, target + lane, c);
    }
    column = start + places;
  }
}
