import { COLUMNS, roundUp } from './columns';
import { INT8, innerSteps, largestWeight, stepsOf } from './format';
import { larger, loadFirst, maximum, storeFirst } from './lanes';
import { columnBytes, panelBytes } from './quantized';
import { rowFactors } from './row-factors';
import { share } from './share';

/**
 * Weights `[k, n]` as `round(w / factor / scale)` with a factor for each row and a scale for each column; the sum of a
 * column's codes is what a zero point of 1 in the activations adds to each product. A column of zeros keeps the scale 0,
 * one with NaN or infinity gets a scale that makes its products NaN. Number `(i, j)` is read at
 * `from + i * row + j * column`, in bytes, of which one is 4. Rows `channels` apart have one factor.
 */
export function quantizeColumns(
  from: usize, row: usize, column: usize, to: usize, k: i32, n: i32, format: i32, channels: i32,
): void {
  const scales = to + panelBytes(k, n, format);
  const sums = scales + columnBytes(n);
  const factors = sums + columnBytes(n);
  memory.fill(scales, 0, columnBytes(n));
  rowFactors(from, row, column, factors, k, n, channels);
  const width = roundUp(n);
  // Four columns stay in a processor's cache from their largest numbers to their codes.
  for (let j = 0; j < width; j += 4) {
    const at = <usize>j << 2;
    const a = from + <usize>min(j, n - 1) * column;
    const b = from + <usize>min(j + 1, n - 1) * column;
    const c = from + <usize>min(j + 2, n - 1) * column;
    const d = from + <usize>min(j + 3, n - 1) * column;
    const largest = largestOf(a, b, c, d, row, factors, k);
    storeFirst(scales + at, n - j, f32x4.div(largest, f32x4.splat(largestWeight(format))));
    v128.store(sums + at, quantizeFour(a, b, c, d, row, factors, scales + at, to, j, k, width, format));
  }
}

/** Four numbers of a column, of which `count` are there. */
// @ts-ignore: decorator
@inline export function loadFour(from: usize, row: usize, count: i32): v128 {
  if (row == 4) return loadFirst(from, count, f32x4.splat(0));
  let x = v128.load32_zero(from);
  if (count > 1) x = v128.load32_lane(from + row, x, 1);
  if (count > 2) x = v128.load32_lane(from + 2 * row, x, 2);
  if (count > 3) x = v128.load32_lane(from + 3 * row, x, 3);
  return x;
}

/** What divides by the factors of four rows, exactly: they are powers of two, 2 ** -63 to 1. */
// @ts-ignore: decorator
@inline export function inversesOf(factors: usize, count: i32): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, loadFirst(factors, count, one));
}

function largestOf(a: usize, b: usize, c: usize, d: usize, row: usize, factors: usize, k: i32): v128 {
  let ofA = f32x4.splat(0), ofB = ofA, ofC = ofA, ofD = ofA;
  for (let p = 0; p < k; p += 4) {
    const inverses = inversesOf(factors + (<usize>p << 2), k - p);
    const at = <usize>p * row;
    ofA = larger(ofA, f32x4.mul(loadFour(a + at, row, k - p), inverses));
    ofB = larger(ofB, f32x4.mul(loadFour(b + at, row, k - p), inverses));
    ofC = larger(ofC, f32x4.mul(loadFour(c + at, row, k - p), inverses));
    ofD = larger(ofD, f32x4.mul(loadFour(d + at, row, k - p), inverses));
  }
  const found = f32x4.replace_lane(f32x4.splat(maximum(ofA)), 1, maximum(ofB));
  return f32x4.replace_lane(f32x4.replace_lane(found, 2, maximum(ofC)), 3, maximum(ofD));
}

/** The codes of four columns in their places. Returns the sums of each. */
function quantizeFour(
  a: usize, b: usize, c: usize, d: usize, row: usize, factors: usize, scales: usize, to: usize, j: i32, k: i32,
  width: i32, format: i32,
): v128 {
  const perA = inverseOf(scales), perB = inverseOf(scales + 4), perC = inverseOf(scales + 8), perD = inverseOf(scales + 12);
  const inner = innerSteps(format);
  const steps = stepsOf(k, format);
  const chunks = (steps + inner - 1) / inner;
  let sumsA = i32x4.splat(0), sumsB = sumsA, sumsC = sumsA, sumsD = sumsA;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const begin = share(chunk, chunks, steps);
    const end = share(chunk + 1, chunks, steps);
    let target = to + (<usize>((j & ~(COLUMNS - 1)) * (end - begin) + (j & (COLUMNS - 1))) << 2);
    for (let step = begin; step < end; step += format == INT8 ? 1 : 2) {
      const p = step << format;
      const inverses = inversesOf(factors + (<usize>p << 2), k - p);
      const at = <usize>p * row;
      const ofA = codesOf(loadFour(a + at, row, k - p), inverses, perA);
      const ofB = codesOf(loadFour(b + at, row, k - p), inverses, perB);
      const ofC = codesOf(loadFour(c + at, row, k - p), inverses, perC);
      const ofD = codesOf(loadFour(d + at, row, k - p), inverses, perD);
      sumsA = i32x4.add(sumsA, ofA);
      sumsB = i32x4.add(sumsB, ofB);
      sumsC = i32x4.add(sumsC, ofC);
      sumsD = i32x4.add(sumsD, ofD);
      const ab = i16x8.narrow_i32x4_s(ofA, ofB), cd = i16x8.narrow_i32x4_s(ofC, ofD);
      if (format == INT8) v128.store(target, i8x16.narrow_i16x8_s(ab, cd));
      else {
        v128.store(target, i32x4.shuffle(ab, cd, 0, 2, 4, 6));
        if (step + 1 < end) v128.store(target, i32x4.shuffle(ab, cd, 1, 3, 5, 7), 32);
        target += 32;
      }
      target += 32;
    }
    to += <usize>width * <usize>(end - begin) << 2;
  }
  return totals(sumsA, sumsB, sumsC, sumsD);
}

// @ts-ignore: decorator
@inline export function inverseOf(scale: usize): v128 {
  const value = load<f32>(scale);
  return f32x4.splat(value > 0 ? 1 / value : 0);
}

// @ts-ignore: decorator
@inline export function codesOf(x: v128, inverses: v128, inverse: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(f32x4.mul(x, inverses), inverse)));
}

/** The sum of each. */
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 1, 4, 5), i32x4.shuffle(a, b, 2, 3, 6, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 1, 4, 5), i32x4.shuffle(c, d, 2, 3, 6, 7));
  return i32x4.add(i32x4.shuffle(ab, cd, 0, 2, 4, 6), i32x4.shuffle(ab, cd, 1, 3, 5, 7));
}
