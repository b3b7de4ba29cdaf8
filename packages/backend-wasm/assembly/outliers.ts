import { COLUMNS } from './columns';
import { INT8 } from './format';
import { codesOf, inverseOf, leastOf, mostOf, scaled, shiftOf } from './quantize-rows';

/**
 * Numbers of a row that are so far out that codes which reach them would be too coarse for the others, as in Dettmers et
 * al. 2022, arXiv:2208.07339, but row by row: their codes stay at the end of the range, and what these lack is multiplied
 * apart, in float32. A row has at most one in 32, and at most this many.
 */
export const MOST_OUTLIERS: i32 = 64;

/**
 * The span of a row without outliers, in means of its magnitudes: numbers of a normal distribution span 9 of 3072, those
 * after GELU 11. Int16 has codes enough for wider ones.
 */
export function usualSpan(format: i32): f32 {
  return format == INT8 ? 12 : 24;
}

/** How many numbers lie below `low` or above `high`. */
export function countOutside(from: usize, factors: usize, k: i32, low: f32, high: f32): i32 {
  let counts = i32x4.splat(0);
  for (let p = 0; p < k; p += 4) counts = i32x4.sub(counts, outside(scaled(from, factors, p, k), low, high));
  return (
    i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1) +
    (i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3))
  );
}

// @ts-ignore: decorator
@inline export function outside(x: v128, low: f32, high: f32): v128 {
  return v128.or(f32x4.lt(x, f32x4.splat(low)), f32x4.gt(x, f32x4.splat(high)));
}

/** Writes the list of a described row: for each outlier its place, an int32, and what its code lacks, a float32. */
export function listOutside(
  from: usize, factors: usize, k: i32, low: f32, high: f32, described: usize, format: i32,
): void {
  const scale = f32x4.splat(load<f32>(described));
  const zero = i32x4.splat(load<i32>(described, 4));
  let list = <usize>load<u32>(described, 8);
  for (let p = 0; p < k; p += 4) {
    const x = scaled(from, factors, p, k);
    const found = outside(x, low, high);
    if (!v128.any_true(found)) continue;
    const codes = codesOf(x, inverseOf(described), shiftOf(described), leastOf(format), mostOf(format));
    const kept = f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(codes, zero)), scale);
    const lacks = f32x4.sub(x, kept);
    let mask = i32x4.bitmask(found);
    if (mask & 1) list = add(list, p, f32x4.extract_lane(lacks, 0));
    if (mask & 2) list = add(list, p + 1, f32x4.extract_lane(lacks, 1));
    if (mask & 4) list = add(list, p + 2, f32x4.extract_lane(lacks, 2));
    if (mask & 8) list = add(list, p + 3, f32x4.extract_lane(lacks, 3));
  }
}

// @ts-ignore: decorator
@inline export function add(list: usize, p: i32, lacks: f32): usize {
  store<i32>(list, p);
  store<f32>(list, lacks, 4);
  return list + 8;
}

/**
 * Eight columns of what a row's codes lack, at `to`: outliers from number `begin` on, `steps` steps, times the codes of their
 * weights in the panel.
 */
export function outlierProducts(described: usize, panel: usize, begin: i32, steps: i32, format: i32, to: usize): void {
  let left = f32x4.splat(0), right = left;
  let list = <usize>load<u32>(described, 8);
  const end = list + (<usize>load<i32>(described, 12) << 3);
  const inStep = (1 << format) - 1;
  const bits = 32 >> format;
  for (; list < end; list += 8) {
    const p = load<i32>(list) - begin;
    const step = p >> format;
    if (u32(step) >= u32(steps)) continue;
    const at = panel + <usize>((step * COLUMNS) << 2);
    const lacks = v128.load32_splat(list, 4);
    const up = 32 - bits * ((p & inStep) + 1);
    const a = i32x4.shr_s(i32x4.shl(v128.load(at), up), 32 - bits);
    const b = i32x4.shr_s(i32x4.shl(v128.load(at, 16), up), 32 - bits);
    left = f32x4.add(left, f32x4.mul(f32x4.convert_i32x4_s(a), lacks));
    right = f32x4.add(right, f32x4.mul(f32x4.convert_i32x4_s(b), lacks));
  }
  v128.store(to, left);
  v128.store(to, right, 16);
}
