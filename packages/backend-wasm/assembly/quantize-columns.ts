import { COLUMNS, roundUp } from './columns';
import { INT8, innerSteps, largestWeight, stepsOf } from './format';
import { loadFirst, maximum } from './lanes';
import { columnBytes, panelBytes } from './quantized';
import { rowFactors } from './row-factors';
import { share } from './share';

/**
 * Weights `[k, n]` as `round(w / factor / scale)` with a factor for each row and a scale for each column; the sum of a
 * column's codes is what a zero point of 1 in the activations adds to each product. A column of zeros keeps the scale 0,
 * one with NaN or infinity gets a scale that makes its products NaN. Number `(i, j)` is read at
 * `from + i * row + j * column`, in bytes, of which one is 4.
 */
export function quantizeColumns(
  from: usize, row: usize, column: usize, to: usize, k: i32, n: i32, format: i32,
): void {
  const scales = to + panelBytes(k, n, format);
  const sums = scales + columnBytes(n);
  const factors = sums + columnBytes(n);
  memory.fill(scales, 0, 2 * columnBytes(n));
  rowFactors(from, row, column, factors, k, n);
  const width = roundUp(n);
  for (let j = 0; j < width; j++) {
    const at = from + <usize>min(j, n - 1) * column;
    const scale = j < n ? columnScale(at, row, factors, k) / largestWeight(format) : 0;
    store<f32>(scales + (<usize>j << 2), scale);
    store<i32>(sums + (<usize>j << 2), quantizeColumn(at, row, factors, scale, to, j, k, width, format));
  }
}

/** Four numbers of a column, of which `count` are there, divided by their factors. */
// @ts-ignore: decorator
@inline export function loadFour(from: usize, row: usize, factors: usize, count: i32): v128 {
  const zero = f32x4.splat(0);
  if (row == 4) return f32x4.div(loadFirst(from, count, zero), loadFirst(factors, count, f32x4.splat(1)));
  let x = v128.load32_zero(from);
  if (count > 1) x = v128.load32_lane(from + row, x, 1);
  if (count > 2) x = v128.load32_lane(from + 2 * row, x, 2);
  if (count > 3) x = v128.load32_lane(from + 3 * row, x, 3);
  return f32x4.div(x, loadFirst(factors, count, f32x4.splat(1)));
}

function columnScale(from: usize, row: usize, factors: usize, k: i32): f32 {
  let largest = f32x4.splat(0);
  for (let i = 0; i < k; i += 4) {
    largest = f32x4.max(largest, f32x4.abs(loadFour(from, row, factors + (<usize>i << 2), k - i)));
    from += 4 * row;
  }
  return maximum(largest);
}

/** One column's codes in their places. Returns their sum. */
function quantizeColumn(
  from: usize, row: usize, factors: usize, scale: f32, to: usize, j: i32, k: i32, width: i32, format: i32,
): i32 {
  const inverse = f32x4.splat(scale > 0 ? 1 / scale : 0);
  const inner = innerSteps(format);
  const steps = stepsOf(k, format);
  const chunks = (steps + inner - 1) / inner;
  let sums = i32x4.splat(0);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const begin = share(chunk, chunks, steps);
    const end = share(chunk + 1, chunks, steps);
    let target = to + (<usize>((j & ~(COLUMNS - 1)) * (end - begin) + (j & (COLUMNS - 1))) << 2);
    for (let step = begin; step < end; step += format == INT8 ? 1 : 2) {
      const p = step << format;
      const x = loadFour(from + <usize>p * row, row, factors + (<usize>p << 2), k - p);
      const codes = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, inverse)));
      sums = i32x4.add(sums, codes);
      const pairs = i16x8.narrow_i32x4_s(codes, codes);
      if (format == INT8) v128.store32_lane(target, i8x16.narrow_i16x8_s(pairs, pairs), 0);
      else {
        v128.store32_lane(target, pairs, 0);
        if (step + 1 < end) v128.store32_lane(target, pairs, 1, 32);
        target += 32;
      }
      target += 32;
    }
    to += <usize>width * <usize>(end - begin) << 2;
  }
  return total(sums);
}

function total(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
