import { ROW_BYTES } from './describe-rows';
import { activationRange, INT16, INT8 } from './format';
import { loadFirst } from './lanes';
import { Rows1, Rows2, Rows3, Rows4 } from './tile';

/** Four numbers of a row from `p` on, times their factors; 0 beyond its end. */
// @ts-ignore: decorator
@inline export function scaled(from: usize, factors: usize, p: i32, k: i32): v128 {
  const at = <usize>p << 2;
  if (p + 4 <= k) return f32x4.mul(v128.load(from + at), v128.load(factors + at));
  const zero = f32x4.splat(0);
  return f32x4.mul(loadFirst(from + at, k - p, zero), loadFirst(factors + at, k - p, zero));
}

/** Added to it, numbers up to 2 ** 21 in size are rounded to whole ones, which stand in its low bits then. */
const SHIFT: f32 = 12582912;

/** What `codesOf` multiplies numbers of a described row by, in each lane. */
// @ts-ignore: decorator
@inline export function inverseOf(described: usize): v128 {
  return f32x4.splat(1 / load<f32>(described));
}

/** What it adds. */
// @ts-ignore: decorator
@inline export function shiftOf(described: usize): v128 {
  return f32x4.splat(SHIFT + <f32>load<i32>(described, 4));
}

/** The codes of numbers: `round(x / scale + zero point)`, between bounds; of NaN one of these. */
// @ts-ignore: decorator
@inline export function codesOf(x: v128, inverse: v128, shift: v128, least: v128, most: v128): v128 {
  // Numbers above 0 are in order as integers, and all others are below them.
  const shifted = i32x4.max_s(i32x4.min_s(f32x4.add(f32x4.mul(x, inverse), shift), most), least);
  return i32x4.sub(shifted, i32x4.splat(reinterpret<i32>(SHIFT)));
}

/** The bounds, as `codesOf` wants them. */
// @ts-ignore: decorator
@inline export function mostOf(format: i32): v128 {
  return i32x4.splat(reinterpret<i32>(SHIFT) + <i32>activationRange(format));
}

// @ts-ignore: decorator
@inline export function leastOf(format: i32): v128 {
  return i32x4.splat(reinterpret<i32>(SHIFT) - (format == INT8 ? 0 : <i32>activationRange(format)));
}

/**
 * `rows` rows as `round(x / scale + zero point)` from number `begin` on, in steps as `packRows` lays them out,
 * `[steps, rows]`; beyond `k` as zeros.
 */
export function quantizeRows(
  from: usize, row: usize, factors: usize, described: usize, to: usize, rows: i32, begin: i32, k: i32, steps: i32,
  format: i32,
): void {
  const next = <usize>rows << 2;
  // Steps by fours, as many as there are numbers for.
  const whole = min(steps, (k - begin) >> format) & ~3;
  const at = <usize>begin << 2;
  for (; rows > 0; rows -= 4) {
    if (rows >= 4) turn<Rows4>(from + at, row, factors + at, described, to, next, whole, format);
    else if (rows == 3) turn<Rows3>(from + at, row, factors + at, described, to, next, whole, format);
    else if (rows == 2) turn<Rows2>(from + at, row, factors + at, described, to, next, whole, format);
    else turn<Rows1>(from + at, row, factors + at, described, to, next, whole, format);
    if (whole < steps) {
      for (let i = 0; i < min(4, rows); i++) {
        const target = to + <usize>whole * next + (<usize>i << 2);
        single(from + <usize>i * row, factors, described + <usize>i * ROW_BYTES, target, next, begin + (whole << format), k, steps - whole, format);
      }
    }
    from += 4 * row;
    described += 4 * ROW_BYTES;
    to += 16;
  }
}

/** Four steps of each of up to four rows at a time; `next` bytes lie between steps. */
function turn<R>(
  from: usize, row: usize, factors: usize, described: usize, to: usize, next: usize, steps: i32, format: i32,
): void {
  const most = mostOf(format), least = leastOf(format);
  const inverseA = inverseOf(described), shiftA = shiftOf(described);
  let inverseB = inverseA, shiftB = shiftA, inverseC = inverseA, shiftC = shiftA, inverseD = inverseA, shiftD = shiftA;
  if (offsetof<R>() > 1) { inverseB = inverseOf(described + ROW_BYTES); shiftB = shiftOf(described + ROW_BYTES); }
  if (offsetof<R>() > 2) { inverseC = inverseOf(described + 2 * ROW_BYTES); shiftC = shiftOf(described + 2 * ROW_BYTES); }
  if (offsetof<R>() > 3) { inverseD = inverseOf(described + 3 * ROW_BYTES); shiftD = shiftOf(described + 3 * ROW_BYTES); }
  let a = i32x4.splat(0), b = a, c = a, d = a;
  for (; steps > 0; steps -= 4) {
    a = fourSteps(from, factors, inverseA, shiftA, least, most, format);
    if (offsetof<R>() > 1) b = fourSteps(from + row, factors, inverseB, shiftB, least, most, format);
    if (offsetof<R>() > 2) c = fourSteps(from + 2 * row, factors, inverseC, shiftC, least, most, format);
    if (offsetof<R>() > 3) d = fourSteps(from + 3 * row, factors, inverseD, shiftD, least, most, format);
    const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
    const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
    const ab2 = i32x4.shuffle(a, b, 2, 6, 3, 7);
    const cd2 = i32x4.shuffle(c, d, 2, 6, 3, 7);
    put<R>(to, i64x2.shuffle(ab, cd, 0, 2));
    put<R>(to + next, i64x2.shuffle(ab, cd, 1, 3));
    put<R>(to + 2 * next, i64x2.shuffle(ab2, cd2, 0, 2));
    put<R>(to + 3 * next, i64x2.shuffle(ab2, cd2, 1, 3));
    to += 4 * next;
    from += <usize>16 << format;
    factors += <usize>16 << format;
  }
}

/** The codes of 16 bytes of steps. */
// @ts-ignore: decorator
@inline export function fourSteps(
  from: usize, factors: usize, inverse: v128, shift: v128, least: v128, most: v128, format: i32,
): v128 {
  const a = codesOf(f32x4.mul(v128.load(from), v128.load(factors)), inverse, shift, least, most);
  const b = codesOf(f32x4.mul(v128.load(from, 16), v128.load(factors, 16)), inverse, shift, least, most);
  const low = i16x8.narrow_i32x4_s(a, b);
  if (format == INT16) return low;
  const c = codesOf(f32x4.mul(v128.load(from, 32), v128.load(factors, 32)), inverse, shift, least, most);
  const d = codesOf(f32x4.mul(v128.load(from, 48), v128.load(factors, 48)), inverse, shift, least, most);
  return i8x16.narrow_i16x8_u(low, i16x8.narrow_i32x4_s(c, d));
}

/** What one step of each row holds. */
// @ts-ignore: decorator
@inline export function put<R>(to: usize, v: v128): void {
  if (offsetof<R>() > 3) v128.store(to, v);
  else if (offsetof<R>() > 1) v128.store64_lane(to, v, 0);
  else v128.store32_lane(to, v, 0);
  if (offsetof<R>() == 3) v128.store32_lane(to, v, 2, 8);
}

/** One step of one row at a time, from number `p` on. */
function single(
  from: usize, factors: usize, described: usize, to: usize, next: usize, p: i32, k: i32, steps: i32, format: i32,
): void {
  for (; steps > 0; steps--) {
    const x = scaled(from, factors, p, k);
    const codes = codesOf(x, inverseOf(described), shiftOf(described), leastOf(format), mostOf(format));
    const pairs = i16x8.narrow_i32x4_s(codes, codes);
    v128.store32_lane(to, format == INT16 ? pairs : i8x16.narrow_i16x8_u(pairs, pairs), 0);
    to += next;
    p += 1 << format;
  }
}
