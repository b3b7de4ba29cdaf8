import { madd } from './tile';

/** Sweeps whose rotations are kept, to be applied together: they are read again for every strip of columns. */
const SWEEPS: i32 = 32;
/** Largest number of sweeps for one value. */
const MOST: i32 = 60;
const EPSILON: f64 = f64.EPSILON;

/** Of a `place`, zeros at first: the value that is looked for, its sweeps so far, those kept, and their ranges. */
const COUNT: usize = 4, KEPT: usize = 8, RANGES: usize = 16;

/** Room for the `rotations` of a matrix of `n` rows, after what is known of `place`. */
export function rotationBytes(n: i32): usize {
  return RANGES + <usize>SWEEPS * ((<usize>n << 4) + 8);
}

/**
 * Implicit QL with Wilkinson's shift on the diagonal `d` and `e` beside it, whose last number is 0: the next sweeps at
 * `place`, for `rotate`. Gives 1, 0 when these were the last, or -1 where it does not converge.
 */
export function sweep(d: usize, e: usize, n: i32, place: usize): i32 {
  let l = load<i32>(place), count = load<i32>(place, COUNT);
  store<i32>(place, 0, KEPT);
  const least = leastOf(d, e, n);
  for (; l < n; l++, count = 0) {
    for (; ; count++) {
      const m = splitAfter(e, l, least);
      if (m == l) break;
      if (count == MOST) return -1;
      if (load<i32>(place, KEPT) == SWEEPS) {
        store<i32>(place, l);
        store<i32>(place, count, COUNT);
        return 1;
      }
      sweepFrom(d, e, l, m, n, place);
    }
  }
  return 0;
}

/** What counts as nothing: the rounding of the largest numbers is in all of them. */
function leastOf(d: usize, e: usize, n: i32): f64 {
  let most: f64 = 0;
  for (let i = 0; i < n; i++) most = max(most, abs(at(d, i)) + abs(at(e, i)));
  return EPSILON * most;
}

/** The first place from `l` on beside which nothing is left; beside the last there is 0. */
function splitAfter(e: usize, l: i32, least: f64): i32 {
  while (abs(at(e, l)) > least) l++;
  return l;
}

function sweepFrom(d: usize, e: usize, l: i32, m: i32, n: i32, place: usize): void {
  const kept = <usize>load<i32>(place, KEPT);
  const range = place + RANGES + (kept << 3);
  const rotations = rotationsOf(n, place, kept);
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
  store<i32>(range, m - 1);
  store<i32>(range, i + 1, 4);
  store<i32>(place, <i32>kept + 1, KEPT);
}

// @ts-ignore: decorator
@inline export function rotationsOf(n: i32, place: usize, kept: usize): usize {
  return place + RANGES + (<usize>SWEEPS << 3) + kept * (<usize>n << 4);
}

/**
 * The rotations of `sweep` to columns `begin`, a multiple of 8, to before `end` of all rows of `vectors`: eight at a time, whose
 * numbers in all rows stay in the second cache for all sweeps.
 */
export function rotate(n: i32, vectors: usize, place: usize, begin: i32, end: i32): void {
  const row = <usize>n << 3;
  const kept = load<i32>(place, KEPT);
  for (let column = begin; column < end; column += 8) {
    const strip = vectors + (<usize>column << 3);
    for (let sweep = 0; sweep < kept; sweep++) {
      const range = place + RANGES + (<usize>sweep << 3);
      const high = load<i32>(range), low = load<i32>(range, 4);
      const from = rotationsOf(n, place, sweep);
      if (n - column >= 8) rotateEight(strip, row, high, low, from);
      else for (let j = 0; j < n - column; j++) rotateOne(strip + (<usize>j << 3), row, high, low, from);
    }
  }
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
