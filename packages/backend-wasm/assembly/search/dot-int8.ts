import { AHEAD } from './ahead';

/**
 * Sets `to[q * count + i]`, float64, to the product of query `q` and row `i`, `width` steps each, a multiple of 16. Row steps are
 * int8. Sixteen steps of a query take 32 bytes: int16 without relaxed SIMD; with it what is positive of each step and
 * then what is negative, both as int8 of at least 0, since the relaxed product is the same everywhere for those only.
 */
export function dotInt8(rows: usize, count: i32, queries: usize, n: i32, width: i32, to: usize): void {
  const step = <usize>width;
  for (let q = 0; q < n; q++) {
    let row = rows;
    let i = 0;
    for (; i <= count - 4; i += 4) {
      fourRows(row, row + step, row + (step << 1), row + 3 * step, row + AHEAD, 64, queries, step, to);
      row += step << 2;
      to += 32;
    }
    for (; i < count; i++) {
      oneRow(row, queries, step, to);
      row += step;
      to += 8;
    }
    queries += step << 1;
  }
}

/** As `dotInt8` for one query, of `count` rows anywhere, whose numbers are at `chosen`. */
export function dotInt8At(rows: usize, chosen: usize, count: i32, query: usize, width: i32, to: usize): void {
  const step = <usize>width;
  let i = 0;
  for (; i <= count - 4; i += 4) {
    const a = rows + <usize>load<u32>(chosen) * step, b = rows + <usize>load<u32>(chosen, 4) * step;
    const c = rows + <usize>load<u32>(chosen, 8) * step, d = rows + <usize>load<u32>(chosen, 12) * step;
    const next = i < count - 4 ? rows + <usize>load<u32>(chosen, 16) * step : a;
    fourRows(a, b, c, d, next, 16, query, step, to);
    chosen += 16;
    to += 32;
  }
  for (; i < count; i++) {
    oneRow(rows + <usize>load<u32>(chosen) * step, query, step, to);
    chosen += 4;
    to += 8;
  }
}

/** At `next` is read for nothing, for each sixteen steps. */
// @ts-ignore: decorator
@inline export function fourRows(
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  next: usize,
  distance: usize,
  query: usize,
  step: usize,
  to: usize,
): void {
  let touched = i32x4.splat(0);
  let a0 = touched, a1 = touched, b0 = touched, b1 = touched, c0 = touched, c1 = touched, d0 = touched, d1 = touched;
  for (let k: usize = 0; k < step; k += 16) {
    touched = v128.or(touched, v128.load(next));
    next += distance;
    const low = v128.load(query), high = v128.load(query, 16);
    query += 32;
    const x = v128.load(a + k), y = v128.load(b + k), z = v128.load(c + k), w = v128.load(d + k);
    a0 = addLow(x, low, a0); a1 = addHigh(x, high, a1);
    b0 = addLow(y, low, b0); b1 = addHigh(y, high, b1);
    c0 = addLow(z, low, c0); c1 = addHigh(z, high, c1);
    d0 = addLow(w, low, d0); d1 = addHigh(w, high, d1);
  }
  v128.store(to, touched); // Only so that it is read at all.
  store<f64>(to, total(a0, a1));
  store<f64>(to, total(b0, b1), 8);
  store<f64>(to, total(c0, c1), 16);
  store<f64>(to, total(d0, d1), 24);
}

function oneRow(row: usize, query: usize, step: usize, to: usize): void {
  let low = i32x4.splat(0), high = low;
  for (let k: usize = 0; k < step; k += 16) {
    const x = v128.load(row + k);
    low = addLow(x, v128.load(query), low);
    high = addHigh(x, v128.load(query, 16), high);
    query += 32;
  }
  store<f64>(to, total(low, high));
}

/** Adds the products with the first eight steps, or with those that are positive. */
// @ts-ignore: decorator
@inline export function addLow(row: v128, query: v128, sums: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(row, query, sums);
  return i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(row), query));
}

/** Adds the products with the last eight steps, or subtracts, in the end, those with the negative ones. */
// @ts-ignore: decorator
@inline export function addHigh(row: v128, query: v128, sums: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(row, query, sums);
  return i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(row), query));
}

function total(low: v128, high: v128): f64 {
  const v = ASC_FEATURE_RELAXED_SIMD ? i32x4.sub(low, high) : i32x4.add(low, high);
  const a = <f64>i32x4.extract_lane(v, 0) + <f64>i32x4.extract_lane(v, 1);
  return a + (<f64>i32x4.extract_lane(v, 2) + <f64>i32x4.extract_lane(v, 3));
}
