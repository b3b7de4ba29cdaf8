import { exp } from './exp';
import { kept } from './kept';
import { firstLanes, loadUpTo, storeFirst, sum } from './lanes';
import { log1p } from './log1p';

const ONE = kept(1);

/**
 * Of logits `scale · scores + bias` `[rows, columns]`, `log(1 + exp(logit))`, of pairs `log(1 + exp(-logit))`: row `i` and column
 * `i - first` are a pair. The slopes by logits, times `weight`, go to `slopes`; the sums of the costs, of the slopes, and of
 * the slopes times the scores, in double precision, to `sums`.
 */
export function pairSigmoid(
  scores: usize, slopes: usize, scale: f32, bias: f32, weight: f32, rows: i32, columns: i32, first: i32, sums: usize,
): void {
  const factor = f32x4.splat(scale), offset = f32x4.splat(bias), weights = f32x4.splat(weight);
  const zero = f32x4.splat(0), ones = ONE;
  let costs: f64 = 0, all: f64 = 0, along: f64 = 0;
  for (let row = 0; row < rows; row++) {
    let rowCosts = zero, rowSlopes = zero, rowAlong = zero;
    for (let j = 0; j < columns; j += 4) {
      const at = <usize>j << 2;
      const count = columns - j;
      const score = loadUpTo(scores + at, count, zero);
      // The sign bit, of pairs alone.
      const pair = row - first - j;
      const turn = u32(pair) < 4 ? i32x4.shl(i32x4.eq(i32x4.splat(pair), i32x4(0, 1, 2, 3)), 31) : zero;
      const x = v128.xor(f32x4.add(f32x4.mul(score, factor), offset), turn);
      const small = exp(f32x4.neg(f32x4.abs(x)));
      let cost = f32x4.add(f32x4.pmax(x, zero), log1p(small));
      const upper = v128.bitselect(small, ones, f32x4.lt(x, zero));
      const sigmoid = f32x4.div(f32x4.mul(upper, weights), f32x4.add(small, ones));
      let slope = v128.xor(sigmoid, turn);
      if (count >= 4) v128.store(slopes + at, slope);
      else {
        cost = v128.and(cost, firstLanes(count));
        slope = v128.and(slope, firstLanes(count));
        storeFirst(slopes + at, count, slope);
      }
      rowCosts = f32x4.add(rowCosts, cost);
      rowSlopes = f32x4.add(rowSlopes, slope);
      rowAlong = f32x4.add(rowAlong, f32x4.mul(slope, score));
    }
    costs += sum(rowCosts), all += sum(rowSlopes), along += sum(rowAlong);
    scores += <usize>columns << 2;
    slopes += <usize>columns << 2;
  }
  store<f64>(sums, costs);
  store<f64>(sums, all, 8);
  store<f64>(sums, along, 16);
}
