import { bytesOf } from './weights';

// The size of a type is a constant for the compiler: one source gives a loop for each number of channels.
@unmanaged export class Grey { a: u8; }
@unmanaged class GreyAlpha { a: u16; }
@unmanaged class Rgb { a: u16; b: u8; }
@unmanaged class Rgba { a: u32; }

/**
 * Rows of `samples` pixels, `toBytes` bytes apart, from rows of as many channels, `rowBytes` apart: sample `x` is the weighted sum of
 * the pixels from `first[x]` on, `groups` times four of them. Bytes behind a row are read, and multiplied by 0; up to three
 * bytes behind a row of the result are written.
 */
export function horizontal(
  from: usize, rowBytes: i32, rows: i32, channels: i32,
  first: usize, weights: usize, groups: i32, samples: i32, to: usize, toBytes: i32,
): void {
  for (let y = 0; y < rows; y += 2) {
    // The last of an odd number of rows is done twice.
    const next = i32(y + 1 < rows);
    const other = from + rowBytes * next, otherTo = to + toBytes * next;
    if (channels == 3) twoRows<Rgb>(from, other, first, weights, groups, samples, to, otherTo);
    else if (channels == 4) twoRows<Rgba>(from, other, first, weights, groups, samples, to, otherTo);
    else if (channels == 1) twoRows<Grey>(from, other, first, weights, groups, samples, to, otherTo);
    else twoRows<GreyAlpha>(from, other, first, weights, groups, samples, to, otherTo);
    from += rowBytes << 1;
    to += toBytes << 1;
  }
}

/** For which weights are loaded once. */
function twoRows<C>(
  a: usize, b: usize, first: usize, weights: usize, groups: i32, samples: i32, to: usize, otherTo: usize,
): void {
  for (let x = 0; x < samples; x++) {
    let at = <usize>load<i32>(first) * offsetof<C>();
    let aHigh = i32x4.splat(0), aLow = aHigh, bHigh = aHigh, bLow = aHigh;
    const end = weights + (<usize>groups << 4);
    while (weights < end) {
      const u = v128.load(a + at), v = v128.load(b + at);
      let high = v128.load32_splat(weights), low = v128.load32_splat(weights, 8);
      let pair = earlyPair<C>(u);
      aHigh = i32x4.add(aHigh, i32x4.dot_i16x8_s(pair, high)); aLow = i32x4.add(aLow, i32x4.dot_i16x8_s(pair, low));
      pair = earlyPair<C>(v);
      bHigh = i32x4.add(bHigh, i32x4.dot_i16x8_s(pair, high)); bLow = i32x4.add(bLow, i32x4.dot_i16x8_s(pair, low));
      high = v128.load32_splat(weights, 4);
      low = v128.load32_splat(weights, 12);
      pair = latePair<C>(u);
      aHigh = i32x4.add(aHigh, i32x4.dot_i16x8_s(pair, high)); aLow = i32x4.add(aLow, i32x4.dot_i16x8_s(pair, low));
      pair = latePair<C>(v);
      bHigh = i32x4.add(bHigh, i32x4.dot_i16x8_s(pair, high)); bLow = i32x4.add(bLow, i32x4.dot_i16x8_s(pair, low));
      at += offsetof<C>() << 2;
      weights += 16;
    }
    // What belongs to the next pixel is overwritten by it.
    store<i32>(to, bytesOf(aHigh, aLow));
    store<i32>(otherTo, bytesOf(bHigh, bLow));
    first += 4;
    to += offsetof<C>();
    otherTo += offsetof<C>();
  }
}

/** The first two of four pixels, channel by channel, each widened to 16 bits. -1 gives a byte of 0. */
// @ts-ignore: decorator
@inline export function earlyPair<C>(v: v128): v128 {
  if (offsetof<C>() == 1) {
    return i8x16.swizzle(v, i8x16(0, -1, 1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  }
  if (offsetof<C>() == 2) {
    return i8x16.swizzle(v, i8x16(0, -1, 2, -1, 1, -1, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  }
  if (offsetof<C>() == 3) {
    return i8x16.swizzle(v, i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
  }
  return i8x16.swizzle(v, i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1));
}

/** The last two. */
// @ts-ignore: decorator
@inline export function latePair<C>(v: v128): v128 {
  if (offsetof<C>() == 1) {
    return i8x16.swizzle(v, i8x16(2, -1, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  }
  if (offsetof<C>() == 2) {
    return i8x16.swizzle(v, i8x16(4, -1, 6, -1, 5, -1, 7, -1, -1, -1, -1, -1, -1, -1, -1, -1));
  }
  if (offsetof<C>() == 3) {
    return i8x16.swizzle(v, i8x16(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
  }
  return i8x16.swizzle(v, i8x16(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1));
}
