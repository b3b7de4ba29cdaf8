/**
 * The kinds of numbers that a product multiplies. Whatever the kind, packed factors consist of steps of 32 bits: one
 * float32, two int16 or four int8 that follow one another along the inner dimension.
 */
export const FLOAT32: i32 = 0;
export const INT16: i32 = 1;
export const INT8: i32 = 2;

/** Numbers in one step. */
// @ts-ignore: decorator
@inline export function stepSize(format: i32): i32 {
  return 1 << format;
}

/** Steps that hold `k` numbers. */
export function stepsOf(k: i32, format: i32): i32 {
  return (k + stepSize(format) - 1) >> format;
}

/**
 * Steps at once. A panel of the right factor of 768 steps, 24 KiB, stays in the first cache. With int16, sums of 768
 * products up to 1672² fit in 32 bits.
 */
export function innerSteps(format: i32): i32 {
  return format == INT16 ? 384 : 768;
}

/** Largest code of a weight, of either sign. */
export function largestWeight(format: i32): f32 {
  return format == INT16 ? 1672 : 127;
}

/** Codes of activations: from -1672 to 1672 for int16; from 0 to 127, which the fast product wants, for int8. */
export function activationRange(format: i32): f32 {
  return format == INT16 ? 1672 : 127;
}
