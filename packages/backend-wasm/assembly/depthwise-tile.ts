import { hardSigmoid } from './activation';
import { activation, HARDSWISH, RELU, RELU6 } from './activations';
import { loadFirst, storeFirst } from './lanes';
import { madd } from './madd';
import { dilationX, dilationY, filterHeight, filterWidth } from './moves';

/** Channels at once: a line of the cache. */
export const CHANNELS: i32 = 16;
/** Bytes from one pixel of them to the next. */
export const PIXEL: usize = CHANNELS << 2;

// Places of the result that a tile has, and pixels between them: the size of a type is a constant for the compiler.
@unmanaged export class One { a: u8; }
@unmanaged export class Two { a: u16; }
@unmanaged export class Four { a: u32; }
@unmanaged export class Eight { a: u64; }

let lines: usize, lineBytes: usize, outputs: i32, bias: usize, kind: i32, count: i32;
/** What numbers above 0 are cut at, by activations that do no more; 0 for others. */
let most: f32;

/**
 * What tiles read: lines of an image, `lineWidth` bytes each, and the bias of their channels, of which there are `some`.
 * A place of the result has `all` channels.
 */
export function tilesOf(from: usize, lineWidth: usize, all: i32, biasAt: usize, activationKind: i32, some: i32): void {
  lines = from, lineBytes = lineWidth, outputs = all, bias = biasAt, kind = activationKind, count = some;
  most = kind == RELU ? Infinity : kind == RELU6 ? 6 : 0;
}

/** Lines of an image that a filter meets at once. */
export function linesKept(): i32 {
  return (filterHeight - 1) * dilationY + 1;
}

/** Four channels, from `c` of the sixteen, at some places in a line. */
export function depthwiseTile<Places, Stride>(slot: i32, at: usize, filter: usize, to: usize, c: i32): void {
  let v0 = f32x4.splat(0);
  if (bias) v0 = biasOf(c);
  let v1 = v0, v2 = v0, v3 = v0, v4 = v0, v5 = v0, v6 = v0, v7 = v0;
  const kept = linesKept();
  const step = PIXEL * <usize>dilationX;
  for (let fy = 0; fy < filterHeight; fy++) {
    let from = lines + <usize>slot * lineBytes + at;
    let fx = 0;
    // Three neighbours at once, where each pixel meets one after the other: it is read once for them.
    if (offsetof<Stride>() == 1 && step == PIXEL) for (; fx + 3 <= filterWidth; fx += 3) {
      const w0 = v128.load(filter), w1 = v128.load(filter, PIXEL), w2 = v128.load(filter, 2 * PIXEL);
      let x = v128.load(from);
      v0 = madd(x, w0, v0);
      x = v128.load(from, PIXEL);
      v0 = madd(x, w1, v0); if (offsetof<Places>() > 1) v1 = madd(x, w0, v1);
      x = v128.load(from, 2 * PIXEL);
      v0 = madd(x, w2, v0);
      if (offsetof<Places>() > 1) {
        v1 = madd(x, w1, v1); v2 = madd(x, w0, v2);
        x = v128.load(from, 3 * PIXEL);
        v1 = madd(x, w2, v1); v2 = madd(x, w1, v2); v3 = madd(x, w0, v3);
        x = v128.load(from, 4 * PIXEL);
        v2 = madd(x, w2, v2); v3 = madd(x, w1, v3); if (offsetof<Places>() > 4) v4 = madd(x, w0, v4);
        x = v128.load(from, 5 * PIXEL);
        v3 = madd(x, w2, v3);
      }
      if (offsetof<Places>() > 4) {
        v4 = madd(x, w1, v4); v5 = madd(x, w0, v5);
        x = v128.load(from, 6 * PIXEL);
        v4 = madd(x, w2, v4); v5 = madd(x, w1, v5); v6 = madd(x, w0, v6);
        x = v128.load(from, 7 * PIXEL);
        v5 = madd(x, w2, v5); v6 = madd(x, w1, v6); v7 = madd(x, w0, v7);
        x = v128.load(from, 8 * PIXEL);
        v6 = madd(x, w2, v6); v7 = madd(x, w1, v7);
        x = v128.load(from, 9 * PIXEL);
        v7 = madd(x, w2, v7);
      }
      filter += 3 * PIXEL;
      from += 3 * PIXEL;
    }
    for (; fx < filterWidth; fx++) {
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

// @ts-ignore: decorator
@inline export function put(to: usize, count: i32, v: v128): void {
  let y = v;
  if (most > 0) y = f32x4.pmin(f32x4.pmax(v, f32x4.splat(0)), f32x4.splat(most));
  else if (kind == HARDSWISH) y = f32x4.mul(v, hardSigmoid(v));
  else if (kind) y = activated(v);
  if (count >= 4) v128.store(to, y);
  else storeFirst(to, count, y);
}

function activated(v: v128): v128 {
  return activation(v, kind);
}
