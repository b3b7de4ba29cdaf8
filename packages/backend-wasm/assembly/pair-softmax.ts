import { exp } from './exp';
import { firstLanes, loadUpTo, maximum, storeFirst, sum } from './lanes';

// Logits are `scale` times scores `[rows, columns]`. What is kept of columns has room for whole groups of four.

/** Logits from `at` on, -Infinity beyond the first `count`. */
// @ts-ignore: decorator
@inline export function logits(at: usize, count: i32, scale: v128): v128 {
  const x = f32x4.mul(loadUpTo(at, count, f32x4.splat(0)), scale);
  return count >= 4 ? x : v128.bitselect(x, f32x4.splat(f32.NEGATIVE_INFINITY), firstLanes(count));
}

/**
 * Of each row and each column: the largest logit, of which NaN is none, as float32, and in double precision the sum of
 * `exp(logit - largest)`.
 */
export function pairSums(
  scores: usize, scale: f32, rows: i32, columns: i32, tops: usize, sums: usize, columnTops: usize, columnSums: usize,
): void {
  const factor = f32x4.splat(scale);
  largest(scores, factor, rows, columns, tops, columnTops);
  memory.fill(columnSums, 0, <usize>((columns + 3) & ~3) << 3);
  for (let row = 0; row < rows; row++) {
    const top = v128.load32_splat(tops + (<usize>row << 2));
    let low = f64x2.splat(0), high = low;
    let toColumn = columnSums;
    for (let j = 0; j < columns; j += 4) {
      const at = <usize>j << 2;
      const x = logits(scores + at, columns - j, factor);
      const ofRow = exp(f32x4.sub(x, top));
      const ofColumn = exp(f32x4.sub(x, v128.load(columnTops + at)));
      low = f64x2.add(low, f64x2.promote_low_f32x4(ofRow));
      high = f64x2.add(high, f64x2.promote_low_f32x4(upper(ofRow)));
      v128.store(toColumn, f64x2.add(v128.load(toColumn), f64x2.promote_low_f32x4(ofColumn)));
      v128.store(toColumn, f64x2.add(v128.load(toColumn, 16), f64x2.promote_low_f32x4(upper(ofColumn))), 16);
      toColumn += 32;
    }
    const both = f64x2.add(low, high);
    store<f64>(sums + (<usize>row << 3), f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1));
    scores += <usize>columns << 2;
  }
}

// @ts-ignore: decorator
@inline export function upper(x: v128): v128 {
  return i64x2.shuffle(x, x, 1, 1);
}

function largest(scores: usize, factor: v128, rows: i32, columns: i32, tops: usize, columnTops: usize): void {
  const lowest = f32x4.splat(f32.NEGATIVE_INFINITY);
  for (let j = 0; j < columns; j += 4) v128.store(columnTops + (<usize>j << 2), lowest);
  for (let row = 0; row < rows; row++) {
    let top = lowest;
    for (let j = 0; j < columns; j += 4) {
      const x = logits(scores + (<usize>j << 2), columns - j, factor);
      const column = columnTops + (<usize>j << 2);
      top = f32x4.pmax(top, x);
      v128.store(column, f32x4.pmax(v128.load(column), x));
    }
    store<f32>(tops + (<usize>row << 2), maximum(top));
    scores += <usize>columns << 2;
  }
}

/**
 * `exp(logit - largest) · factor` of row and of column, added up, for each score; gives the sum of them times the scores.
 * Tops and factors are float32.
 */
export function pairSlopes(
  scores: usize, slopes: usize, scale: f32, rows: i32, columns: i32,
  tops: usize, factors: usize, columnTops: usize, columnFactors: usize,
): f64 {
  const factor = f32x4.splat(scale);
  const zero = f32x4.splat(0);
  let along: f64 = 0;
  for (let row = 0; row < rows; row++) {
    const place = <usize>row << 2;
    const top = v128.load32_splat(tops + place), ofRow = v128.load32_splat(factors + place);
    let total = zero;
    for (let j = 0; j < columns; j += 4) {
      const at = <usize>j << 2;
      const count = columns - j;
      const score = loadUpTo(scores + at, count, zero);
      const x = f32x4.mul(score, factor);
      const first = f32x4.mul(exp(f32x4.sub(x, top)), ofRow);
      const second = f32x4.mul(exp(f32x4.sub(x, v128.load(columnTops + at))), v128.load(columnFactors + at));
      let slope = f32x4.add(first, second);
      if (count >= 4) v128.store(slopes + at, slope);
      else {
        slope = v128.and(slope, firstLanes(count));
        storeFirst(slopes + at, count, slope);
      }
      total = f32x4.add(total, f32x4.mul(slope, score));
    }
    along += sum(total);
    scores += <usize>columns << 2;
    slopes += <usize>columns << 2;
  }
  return along;
}
