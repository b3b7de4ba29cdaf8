import { LARGEST_CODE_INT16, LARGEST_CODE_INT8 } from './constants';

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
 * products of codes fit in 32 bits.
 */
export function innerSteps(format: i32): i32 {
  return format == INT16 ? 384 : 768;
}

/** Largest code of a weight, of either sign. */
export function largestWeight(format: i32): f32 {
  return format == INT16 ? LARGEST_CODE_INT16 : LARGEST_CODE_INT8;
}

/** Codes of activations: as those of weights for int16, from 0 to 255 or 127 for int8. */
export function activationRange(format: i32): f32 {
  return format == INT16 ? LARGEST_CODE_INT16 : int8Range;
}

/**
 * The relaxed product of bytes promises its second factor only seven bits. Where the machine multiplies unsigned by
 * signed bytes without saturation, as with AVX-VNNI, it takes eight, and the error of the activations halves.
 */
let int8Range: f32 = takesEightBits(200) ? 255 : LARGEST_CODE_INT8;

// The number is an argument so that no compiler computes the product beforehand.
function takesEightBits(large: i32): bool {
  if (!ASC_FEATURE_RELAXED_SIMD) return true;
  const right = i8x16.splat(<i8>large);
  const sums = i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(127), right, i32x4.splat(0));
  const minus = i32x4.relaxed_dot_i8x16_i7x16_add_s(i8x16.splat(-127), right, i32x4.splat(0));
  return i32x4.extract_lane(sums, 0) == 508 * large && i32x4.extract_lane(minus, 0) == -508 * large;
}
