/**
 * A weight of 22 bits in two halves that a product of 16 bits takes: `high * 2 ** 12 + low`. Sums of both, modulo 2 ** 32, make the
 * sum of the products. Four weights take 16 bytes: four high halves, four low ones.
 */
const LOW_BITS: i32 = 12;

/** Half of what is cut off, for rounding. */
const HALF: i32 = 1 << 21;

/** Four sums of products, rounded, as four bytes of 0 to 255. */
// @ts-ignore: decorator
@inline export function bytesOf(high: v128, low: v128): i32 {
  const rounded = valuesOf(high, low);
  const narrow = i16x8.narrow_i32x4_s(rounded, rounded);
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(narrow, narrow), 0);
}

/** Four sums of products, rounded. */
// @ts-ignore: decorator
@inline export function valuesOf(high: v128, low: v128): v128 {
  const sum = i32x4.add(i32x4.add(i32x4.shl(high, LOW_BITS), low), i32x4.splat(HALF));
  return i32x4.shr_s(sum, 22);
}
