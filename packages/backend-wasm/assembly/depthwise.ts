import { activation } from './activations';
import { spread } from './depthwise-grad';
import { loadFirst, storeFirst } from './lanes';
import { madd } from './madd';
import {
  channels, dilationX, dilationY, filterHeight, filterWidth, height, left, outHeight, outWidth, strideX, strideY, top,
  width,
} from './moves';
import { zeros } from './runs';

/** Channels at once: a line of the cache. */
const CHANNELS: i32 = 16;
/** Bytes from one pixel of them to the next. */
const PIXEL: usize = CHANNELS << 2;

// Places of the result that a tile has, and pixels between them: the size of a type is a constant for the compiler.
@unmanaged class One { a: u8; }
@unmanaged class Two { a: u16; }
@unmanaged class Four { a: u32; }
@unmanaged class Eight { a: u64; }

/** Room for the filters of some channels, and for those lines of an image, its borders included, that a filter meets. */
export function depthwiseScratchBytes(): usize {
  return PIXEL * <usize>(filterHeight * filterWidth + linesKept() * lineWidth());
}

function linesKept(): i32 {
  return (filterHeight - 1) * dilationY + 1;
}

function lineWidth(): i32 {
  return (outWidth - 1) * strideX + (filterWidth - 1) * dilationX + 1;
}

// What is being computed. Kernels do not run inside one another.
let multiplier: i32, outputs: i32, bias: usize, kind: i32, lines: usize, lineBytes: usize, count: i32;

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
  multiplier = times, outputs = channels * times, kind = activationKind;
  lines = scratch + PIXEL * <usize>(filterHeight * filterWidth), lineBytes = PIXEL * <usize>lineWidth();
  const blocks = depthwiseBlocks(times);
  for (; from < end; from++) {
    const item = from / blocks;
    const channel = (from % blocks) * CHANNELS;
    count = min(CHANNELS, outputs - channel);
    packFilters(filter + (<usize>channel << 2), scratch);
    bias = biasAt ? biasAt + (<usize>channel << 2) : 0;
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
        if (strideX == 1) tile<Eight, One>(slot, at + lane, filters + lane, target + lane, c);
        else tile<Eight, Two>(slot, at + lane, filters + lane, target + lane, c);
      } else if (places == 4) {
        if (strideX == 1) tile<Four, One>(slot, at + lane, filters + lane, target + lane, c);
        else tile<Four, Two>(slot, at + lane, filters + lane, target + lane, c);
      } else tile<One, One>(slot, at + lane, filters + lane, target + lane, c);
    }
    column = start + places;
  }
}

/** Four channels, from `c` of the sixteen, at some places in a line. */
function tile<Places, Stride>(slot: i32, at: usize, filter: usize, to: usize, c: i32): void {
  let v0 = f32x4.splat(0);
  if (bias) v0 = biasOf(c);
  let v1 = v0, v2 = v0, v3 = v0, v4 = v0, v5 = v0, v6 = v0, v7 = v0;
  const kept = linesKept();
  const step = PIXEL * <usize>dilationX;
  for (let fy = 0; fy < filterHeight; fy++) {
    let from = lines + <usize>slot * lineBytes + at;
    for (let fx = 0; fx < filterWidth; fx++) {
      const weight = v128.load(filter);
      v0 = madd(v128.load(from), weight, v0);
      if (offsetof<Places>() > 1) {
        v1 = madd(v128.load(from, PIXEL * offsetof<Stride>()), weight, v1);
        v2 = madd(v128.load(from, 2 * PIXEL * offsetof<Stride>()), weight, v2);
        v3 = madd(v128.load(from, 3 * PIXEL * offsetof<Stride>()), weight, v3);
      }
      if (offsetof<Places>() > 4) {
        v4 = madd(v128.load(from, 4 * PIXEL * offsetof<Stride>()), weight, v4);
        v5 = madd(v128.load(from, 5 * PIXEL * offsetof<Stride>()), weight, v5);
        v6 = madd(v128.load(from, 6 * PIXEL * offsetof<Stride>()), weight, v6);
        v7 = madd(v128.load(from, 7 * PIXEL * offsetof<Stride>()), weight, v7);
      }
      filter += PIXEL;
      from += step;
    }
    slot += dilationY;
    if (slot >= kept) slot -= kept;
  }
  const more = count - c;
  const next = <usize>outputs << 2;
  put(to, more, v0);
  if (offsetof<Places>() > 1) { put(to + next, more, v1); put(to + 2 * next, more, v2); put(to + 3 * next, more, v3); }
  if (offsetof<Places>() > 4) {
    put(to + 4 * next, more, v4); put(to + 5 * next, more, v5);
    put(to + 6 * next, more, v6); put(to + 7 * next, more, v7);
  }
}

function biasOf(c: i32): v128 {
  return loadFirst(bias + (<usize>c << 2), count - c, f32x4.splat(0));
}

function put(to: usize, count: i32, v: v128): void {
  storeFirst(to, count, kind ? activation(v, kind) : v);
}
