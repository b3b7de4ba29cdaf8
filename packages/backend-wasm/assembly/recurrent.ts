import { exp } from './exp';
import { kept } from './kept';
import { loadFirst, storeFirst } from './lanes';
import { addTo } from './runs';
import { madd } from './madd';

const ONE = kept(1);
const TWO = kept(2);

// @ts-ignore: decorator
@inline export function sigmoid(x: v128): v128 {
  return f32x4.div(ONE, f32x4.add(ONE, exp(f32x4.neg(x))));
}

const NEAR = kept(0.625);
const T4 = kept(-0.00570494662);
const T3 = kept(0.02063905267);
const T2 = kept(-0.053739705);
const T1 = kept(0.13331442084);
const T0 = kept(-0.33333281938);

/**
 * The hyperbolic tangent, within 2e-7 of its size: near 0 an odd polynomial, fitted for least relative error, 5e-9;
 * elsewhere `1 - 2 / (exp(2 |x|) + 1)` with the sign of `x`.
 */
// @ts-ignore: decorator
@inline export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = madd(T4, square, T3);
  p = madd(p, square, T2);
  p = madd(p, square, T1);
  p = madd(p, square, T0);
  const near = madd(f32x4.mul(p, square), size, size);
  const far = f32x4.sub(ONE, f32x4.div(TWO, f32x4.add(exp(f32x4.mul(size, TWO)), ONE)));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(v128.bitselect(near, far, f32x4.lt(size, NEAR)), sign);
}

/** `x (1 - x)`, the slope of a sigmoid of value `x`. */
// @ts-ignore: decorator
@inline export function slope(x: v128): v128 {
  return f32x4.mul(x, f32x4.sub(ONE, x));
}

/** `1 - x²`, the slope of a hyperbolic tangent of value `x`. */
// @ts-ignore: decorator
@inline export function tanhSlope(x: v128): v128 {
  return f32x4.sub(ONE, f32x4.mul(x, x));
}

/**
 * One step of a gated recurrent unit for `rows` states of `hidden` numbers. `gates` `[rows, 3 hidden]` hold what the inputs
 * add to reset, update and candidate, and then those themselves; `products` what the states `previous` add; the new
 * states go to `next`.
 */
export function gruStep(gates: usize, products: usize, previous: usize, next: usize, rows: i32, hidden: i32): void {
  const step = <usize>hidden << 2;
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < hidden; i += 4) {
      const at = <usize>i << 2;
      const count = hidden - i;
      const reset = sigmoid(f32x4.add(loadFirst(gates + at, count, zero), loadFirst(products + at, count, zero)));
      const g = gates + step + at;
      const update = sigmoid(f32x4.add(loadFirst(g, count, zero), loadFirst(products + step + at, count, zero)));
      const own = loadFirst(products + 2 * step + at, count, zero);
      const candidate = tanh(madd(reset, own, loadFirst(g + step, count, zero)));
      const old = loadFirst(previous + at, count, zero);
      storeFirst(gates + at, count, reset);
      storeFirst(g, count, update);
      storeFirst(g + step, count, candidate);
      storeFirst(next + at, count, madd(update, f32x4.sub(old, candidate), candidate));
    }
    gates += 3 * step, products += 3 * step, previous += step, next += step;
  }
}

/**
 * Its gradients by what inputs and states add to the gates, `dGates` and `dProducts`, and the part of that by the states
 * before that does not go through the products, `dPrevious`; from `dNext`.
 */
export function gruStepGrad(
  gates: usize, products: usize, previous: usize, dNext: usize,
  dGates: usize, dProducts: usize, dPrevious: usize, rows: i32, hidden: i32,
): void {
  const step = <usize>hidden << 2;
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < hidden; i += 4) {
      const at = <usize>i << 2;
      const count = hidden - i;
      const reset = loadFirst(gates + at, count, zero);
      const update = loadFirst(gates + step + at, count, zero);
      const candidate = loadFirst(gates + 2 * step + at, count, zero);
      const own = loadFirst(products + 2 * step + at, count, zero);
      const dy = loadFirst(dNext + at, count, zero);
      const old = loadFirst(previous + at, count, zero);
      const dUpdate = f32x4.mul(f32x4.mul(dy, f32x4.sub(old, candidate)), slope(update));
      const dCandidate = f32x4.mul(f32x4.mul(dy, f32x4.sub(ONE, update)), tanhSlope(candidate));
      const dReset = f32x4.mul(f32x4.mul(dCandidate, own), slope(reset));
      storeFirst(dGates + at, count, dReset);
      storeFirst(dGates + step + at, count, dUpdate);
      storeFirst(dGates + 2 * step + at, count, dCandidate);
      storeFirst(dProducts + at, count, dReset);
      storeFirst(dProducts + step + at, count, dUpdate);
      storeFirst(dProducts + 2 * step + at, count, f32x4.mul(dCandidate, reset));
      storeFirst(dPrevious + at, count, f32x4.mul(dy, update));
    }
    gates += 3 * step, products += 3 * step, dGates += 3 * step, dProducts += 3 * step;
    previous += step, dNext += step, dPrevious += step;
  }
}

/**
 * One step of long short-term memory, likewise. The gates are input, forget, candidate, output; `cells` are those before,
 * the new ones go to `nextCells`.
 */
export function lstmStep(
  gates: usize, products: usize, cells: usize, next: usize, nextCells: usize, rows: i32, hidden: i32,
): void {
  const step = <usize>hidden << 2;
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < hidden; i += 4) {
      const at = <usize>i << 2;
      const count = hidden - i;
      const g = gates + at;
      const p = products + at;
      const write = sigmoid(f32x4.add(loadFirst(g, count, zero), loadFirst(p, count, zero)));
      const keep = sigmoid(f32x4.add(loadFirst(g + step, count, zero), loadFirst(p + step, count, zero)));
      const candidate = tanh(f32x4.add(loadFirst(g + 2 * step, count, zero), loadFirst(p + 2 * step, count, zero)));
      const read = sigmoid(f32x4.add(loadFirst(g + 3 * step, count, zero), loadFirst(p + 3 * step, count, zero)));
      const cell = madd(keep, loadFirst(cells + at, count, zero), f32x4.mul(write, candidate));
      storeFirst(g, count, write);
      storeFirst(g + step, count, keep);
      storeFirst(g + 2 * step, count, candidate);
      storeFirst(g + 3 * step, count, read);
      storeFirst(nextCells + at, count, cell);
      storeFirst(next + at, count, f32x4.mul(read, tanh(cell)));
    }
    gates += 4 * step, products += 4 * step, cells += step, next += step, nextCells += step;
  }
}

/** Its gradients by what is added to the gates and by the cells before, from those by the new states and cells. */
export function lstmStepGrad(
  gates: usize, cells: usize, nextCells: usize, dNext: usize, dNextCells: usize,
  dGates: usize, dCells: usize, rows: i32, hidden: i32,
): void {
  const step = <usize>hidden << 2;
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < hidden; i += 4) {
      const at = <usize>i << 2;
      const count = hidden - i;
      const write = loadFirst(gates + at, count, zero);
      const keep = loadFirst(gates + step + at, count, zero);
      const candidate = loadFirst(gates + 2 * step + at, count, zero);
      const read = loadFirst(gates + 3 * step + at, count, zero);
      const shown = tanh(loadFirst(nextCells + at, count, zero));
      const dy = loadFirst(dNext + at, count, zero);
      const through = f32x4.mul(f32x4.mul(dy, read), tanhSlope(shown));
      const dCell = f32x4.add(loadFirst(dNextCells + at, count, zero), through);
      const old = loadFirst(cells + at, count, zero);
      storeFirst(dGates + at, count, f32x4.mul(f32x4.mul(dCell, candidate), slope(write)));
      storeFirst(dGates + step + at, count, f32x4.mul(f32x4.mul(dCell, old), slope(keep)));
      storeFirst(dGates + 2 * step + at, count, f32x4.mul(f32x4.mul(dCell, write), tanhSlope(candidate)));
      storeFirst(dGates + 3 * step + at, count, f32x4.mul(f32x4.mul(dy, shown), slope(read)));
      storeFirst(dCells + at, count, f32x4.mul(dCell, keep));
    }
    gates += 4 * step, dGates += 4 * step;
    cells += step, nextCells += step, dNext += step, dNextCells += step, dCells += step;
  }
}

/** Adds each of `rows` rows of `width` numbers to the row of `to` that its number says. */
export function addRows(from: usize, ids: usize, to: usize, rows: i32, width: i32): void {
  const step = <usize>width << 2;
  for (let i = 0; i < rows; i++) {
    addTo(to + <usize>load<i32>(ids) * step, from, width);
    ids += 4;
    from += step;
  }
}
