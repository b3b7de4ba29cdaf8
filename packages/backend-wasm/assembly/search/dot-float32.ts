import { AHEAD } from './ahead';

/**
 * Sets `to[q * count + i]` to the product of query `q` (float64) and row `i` (float32), `dim` numbers each, without gaps. Products
 * of two float32 are exact in float64, and they are added in the order of the plain JavaScript: the same bits everywhere.
 */
export function dotFloat32(rows: usize, count: i32, queries: usize, n: i32, dim: i32, to: usize): void {
  const step = <usize>dim << 2;
  for (let q = 0; q < n; q++) {
    let row = rows;
    let i = 0;
    for (; i <= count - 4; i += 4) {
      fourRows(row, queries, dim, to);
      row += step << 2;
      to += 32;
    }
    for (; i < count; i++) {
      oneRow(row, queries, dim, to);
      row += step;
      to += 8;
    }
    queries += step << 1;
  }
}

function fourRows(a: usize, query: usize, dim: i32, to: usize): void {
  const step = <usize>dim << 2;
  const whole = step & ~15;
  const b = a + step, c = b + step, d = c + step;
  let touched = f64x2.splat(0);
  let a0 = touched, a1 = touched, b0 = touched, b1 = touched, c0 = touched, c1 = touched, d0 = touched, d1 = touched;
  let q = query;
  let next = a + AHEAD;
  for (let k: usize = 0; k < whole; k += 16) {
    touched = v128.or(touched, v128.load(next));
    next += 64;
    const low = v128.load(q), high = v128.load(q, 16);
    q += 32;
    a0 = madd(low, two(a + k), a0); a1 = madd(high, two(a + k + 8), a1);
    b0 = madd(low, two(b + k), b0); b1 = madd(high, two(b + k + 8), b1);
    c0 = madd(low, two(c + k), c0); c1 = madd(high, two(c + k + 8), c1);
    d0 = madd(low, two(d + k), d0); d1 = madd(high, two(d + k + 8), d1);
  }
  v128.store(to, touched); // Only so that it is read at all.
  store<f64>(to, total(a0, a1, a + whole, q, dim & 3));
  store<f64>(to, total(b0, b1, b + whole, q, dim & 3), 8);
  store<f64>(to, total(c0, c1, c + whole, q, dim & 3), 16);
  store<f64>(to, total(d0, d1, d + whole, q, dim & 3), 24);
}

function oneRow(row: usize, query: usize, dim: i32, to: usize): void {
  const whole = (<usize>dim << 2) & ~15;
  let low = f64x2.splat(0), high = low;
  let q = query;
  for (let k: usize = 0; k < whole; k += 16) {
    low = madd(v128.load(q), two(row + k), low);
    high = madd(v128.load(q, 16), two(row + k + 8), high);
    q += 32;
  }
  store<f64>(to, total(low, high, row + whole, q, dim & 3));
}

/** The four sums, and up to three last components, which go to the first. */
function total(low: v128, high: v128, row: usize, query: usize, rest: i32): f64 {
  let first = f64x2.extract_lane(low, 0);
  for (let k = 0; k < rest; k++) {
    first += load<f64>(query) * <f64>load<f32>(row);
    query += 8;
    row += 4;
  }
  return first + f64x2.extract_lane(low, 1) + (f64x2.extract_lane(high, 0) + f64x2.extract_lane(high, 1));
}

// @ts-ignore: decorator
@inline export function two(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/** `a * b + c`, where the product is exact: fused or not, it is rounded once. */
// @ts-ignore: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(c, f64x2.mul(a, b));
}
