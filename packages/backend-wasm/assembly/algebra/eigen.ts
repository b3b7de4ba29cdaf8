import { reflectionsOf, tridiagonalize } from './tridiagonal';
import { madd } from './tile';

/** Sweeps whose rotations are kept, to be applied together: they are read again for every strip of columns. */
const SWEEPS: i32 = 32;
/** Largest number of sweeps for one value. */
const MOST: i32 = 60;
const EPSILON: f64 = f64.EPSILON;

/** Room for `eigen` beside its arguments and the scratch of a product with `n` columns. */
export function eigenBytes(n: i32): usize {
  return 6 * (<usize>n << 3) + 64 * (<usize>n << 3) + 8192 + <usize>SWEEPS * ((<usize>n << 4) + 8);
}

/**
 * Values of a symmetric matrix `a` `[n, n]`, which is lost, in no order in `values`, and their vectors in the rows of
 * `vectors`, which is the identity before; `v` `[n, n]` is zeros before. Gives false when it does not converge.
 */
export function eigen(a: usize, n: i32, values: usize, vectors: usize, v: usize, room: usize, scratch: usize): bool {
  const length = <usize>n << 3;
  const e = room, taus = e + length, w = taus + length, blocks = w + 2 * length;
  const rotations = blocks + 64 * length + 8192;
  tridiagonalize(a, n, values, e, v, taus, w);
  reflectionsOf(v, taus, n, vectors, blocks, scratch);
  store<f64>(e + length - 8, 0);
  return diagonalize(values, e, n, vectors, rotations);
}

let kept: i32, ranges: usize;

/** Implicit QL with Wilkinson's shift; the rotations go to the rows of `vectors`. */
function diagonalize(d: usize, e: usize, n: i32, vectors: usize, rotations: usize): bool {
  kept = 0;
  ranges = rotations + <usize>SWEEPS * (<usize>n << 4);
  for (let l = 0; l < n; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = splitAfter(d, e, l, n);
      if (m == l) break;
      if (sweep == MOST) return false;
      if (kept == SWEEPS) applyAll(n, vectors, rotations);
      sweepFrom(d, e, l, m, rotations + <usize>kept * (<usize>n << 4));
    }
  }
  applyAll(n, vectors, rotations);
  return true;
}

/** The first place from `l` on beside which nothing is left. */
function splitAfter(d: usize, e: usize, l: i32, n: i32): i32 {
  let m = l;
  for (; m < n - 1; m++) {
    const size = abs(at(d, m)) + abs(at(d, m + 1));
    if (abs(at(e, m)) <= EPSILON * size) break;
  }
  return m;
}

function sweepFrom(d: usize, e: usize, l: i32, m: i32, rotations: usize): void {
  const half = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
  const root = length(half, 1);
  let g = at(d, m) - at(d, l) + at(e, l) / (half + (half < 0 ? -root : root));
  let s: f64 = 1, c: f64 = 1, p: f64 = 0;
  let i = m - 1;
  for (; i >= l; i--) {
    const f = s * at(e, i);
    const b = c * at(e, i);
    const r = length(f, g);
    put(e, i + 1, r);
    if (r == 0) {
      put(d, i + 1, at(d, i + 1) - p);
      put(e, m, 0);
      break;
    }
    s = f / r;
    c = g / r;
    g = at(d, i + 1) - p;
    const t = (at(d, i) - g) * s + 2 * c * b;
    p = s * t;
    put(d, i + 1, g + p);
    g = c * t - b;
    store<f64>(rotations + (<usize>i << 4), c);
    store<f64>(rotations + (<usize>i << 4), s, 8);
  }
  if (i < l) {
    put(d, l, at(d, l) - p);
    put(e, l, g);
    put(e, m, 0);
  }
  store<i32>(ranges + (<usize>kept << 3), m - 1);
  store<i32>(ranges + (<usize>kept << 3), i + 1, 4);
  kept++;
}

/** Eight columns at a time, whose numbers in all rows stay in the second cache for all sweeps. */
function applyAll(n: i32, vectors: usize, rotations: usize): void {
  const row = <usize>n << 3;
  for (let column = 0; column < n; column += 8) {
    const strip = vectors + (<usize>column << 3);
    for (let sweep = 0; sweep < kept; sweep++) {
      const high = load<i32>(ranges + (<usize>sweep << 3));
      const low = load<i32>(ranges + (<usize>sweep << 3), 4);
      const from = rotations + <usize>sweep * (<usize>n << 4);
      if (n - column >= 8) rotateEight(strip, row, high, low, from);
      else for (let j = 0; j < n - column; j++) rotateOne(strip + (<usize>j << 3), row, high, low, from);
    }
  }
  kept = 0;
}

/** Each pair of rows, from the highest down: the lower row of one is the higher of the next. */
function rotateEight(strip: usize, row: usize, high: i32, low: i32, rotations: usize): void {
  let upper = strip + <usize>(high + 1) * row;
  let a = v128.load(upper), b = v128.load(upper, 16), c = v128.load(upper, 32), d = v128.load(upper, 48);
  for (let i = high; i >= low; i--) {
    const cosine = v128.load64_splat(rotations + (<usize>i << 4));
    const sine = v128.load64_splat(rotations + (<usize>i << 4), 8);
    const negative = f64x2.neg(sine);
    const lower = upper - row;
    let x = v128.load(lower);
    v128.store(upper, madd(sine, x, f64x2.mul(cosine, a)));
    a = madd(negative, a, f64x2.mul(cosine, x));
    x = v128.load(lower, 16);
    v128.store(upper, madd(sine, x, f64x2.mul(cosine, b)), 16);
    b = madd(negative, b, f64x2.mul(cosine, x));
    x = v128.load(lower, 32);
    v128.store(upper, madd(sine, x, f64x2.mul(cosine, c)), 32);
    c = madd(negative, c, f64x2.mul(cosine, x));
    x = v128.load(lower, 48);
    v128.store(upper, madd(sine, x, f64x2.mul(cosine, d)), 48);
    d = madd(negative, d, f64x2.mul(cosine, x));
    upper = lower;
  }
  v128.store(upper, a);
  v128.store(upper, b, 16);
  v128.store(upper, c, 32);
  v128.store(upper, d, 48);
}

function rotateOne(strip: usize, row: usize, high: i32, low: i32, rotations: usize): void {
  let upper = strip + <usize>(high + 1) * row;
  let a = load<f64>(upper);
  for (let i = high; i >= low; i--) {
    const cosine = load<f64>(rotations + (<usize>i << 4));
    const sine = load<f64>(rotations + (<usize>i << 4), 8);
    const lower = upper - row;
    const x = load<f64>(lower);
    store<f64>(upper, sine * x + cosine * a);
    a = cosine * x - sine * a;
    upper = lower;
  }
  store<f64>(upper, a);
}

// @ts-ignore: decorator
@inline export function at(x: usize, i: i32): f64 {
  return load<f64>(x + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline export function put(x: usize, i: i32, value: f64): void {
  store<f64>(x + (<usize>i << 3), value);
}

/** Of a vector `(x, y)`, without overflow. */
function length(x: f64, y: f64): f64 {
  const largest = max(abs(x), abs(y));
  if (largest == 0) return 0;
  const ratio = min(abs(x), abs(y)) / largest;
  return largest * sqrt(1 + ratio * ratio);
}
