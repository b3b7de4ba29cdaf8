import { valuesOf } from './weights';

/**
 * Rows of `rowBytes` bytes, without gaps, from rows of as many, `step` apart: row `y` is the weighted sum of the rows from `first[y]`
 * on, `groups` times four of them. Rows behind the last are read, and multiplied by 0; up to 15 bytes behind the result are
 * written.
 */
export function vertical(
  from: usize, step: i32, rowBytes: i32, first: usize, weights: usize, groups: i32, rows: i32, to: usize,
): void {
  for (let y = 0; y < rows; y++) {
    const start = from + <usize>load<i32>(first) * step;
    for (let x = 0; x < rowBytes; x += 16) sixteen(start + x, step, weights, groups, to + x);
    first += 4;
    weights += <usize>groups << 4;
    to += rowBytes;
  }
}

function sixteen(at: usize, step: usize, weights: usize, groups: i32, to: usize): void {
  let a = i32x4.splat(0), b = a, c = a, d = a, aLow = a, bLow = a, cLow = a, dLow = a;
  // Two weights of each half at a time: eight bytes on, then over the low halves.
  for (const end = weights + (<usize>groups << 4); weights < end; weights += 8) {
    for (const pairEnd = weights + 8; weights < pairEnd; weights += 4) {
      const high = v128.load32_splat(weights), low = v128.load32_splat(weights, 8);
      const upper = v128.load(at), lower = v128.load(at + step);
      const left = i8x16.shuffle(upper, lower, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const right = i8x16.shuffle(upper, lower, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      let pixels = i16x8.extend_low_i8x16_u(left);
      a = i32x4.add(a, i32x4.dot_i16x8_s(pixels, high)); aLow = i32x4.add(aLow, i32x4.dot_i16x8_s(pixels, low));
      pixels = i16x8.extend_high_i8x16_u(left);
      b = i32x4.add(b, i32x4.dot_i16x8_s(pixels, high)); bLow = i32x4.add(bLow, i32x4.dot_i16x8_s(pixels, low));
      pixels = i16x8.extend_low_i8x16_u(right);
      c = i32x4.add(c, i32x4.dot_i16x8_s(pixels, high)); cLow = i32x4.add(cLow, i32x4.dot_i16x8_s(pixels, low));
      pixels = i16x8.extend_high_i8x16_u(right);
      d = i32x4.add(d, i32x4.dot_i16x8_s(pixels, high)); dLow = i32x4.add(dLow, i32x4.dot_i16x8_s(pixels, low));
      at += step << 1;
    }
  }
  const left = i16x8.narrow_i32x4_s(valuesOf(a, aLow), valuesOf(b, bLow));
  v128.store(to, i8x16.narrow_i16x8_u(left, i16x8.narrow_i32x4_s(valuesOf(c, cLow), valuesOf(d, dLow))));
}
