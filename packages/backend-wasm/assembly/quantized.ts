import { roundUp } from './columns';
import { stepsOf } from './format';

/**
 * Where the parts of quantised weights `[k, n]` lie: panels of codes, as `pack` has them; for each column its scale, a
 * float32, and the sum of its codes, an int32, whole panels of both; for each of `k` its factor, a float32, whole fours.
 * The weight is code times scale times factor.
 */
export function panelBytes(k: i32, n: i32, format: i32): usize {
  return (<usize>roundUp(n) * <usize>stepsOf(k, format)) << 2;
}

/** Bytes from the scales to the sums, and from these to the factors. */
// @ts-ignore: decorator
@inline export function columnBytes(n: i32): usize {
  return <usize>roundUp(n) << 2;
}

export function quantizedBytes(k: i32, n: i32, format: i32): usize {
  return panelBytes(k, n, format) + 2 * columnBytes(n) + (<usize>((k + 3) & ~3) << 2);
}
