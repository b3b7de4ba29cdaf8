import { product, SET, SUBTRACT } from './product';
import { madd } from './tile';
import { addTimes, dot, scale, total } from './vectors';

/** Reflections that are joined to products of matrices. */
const BLOCK: i32 = 32;

/**
 * `a = q · t · qᵀ` by Householder reflections: `t` has the diagonal `d` and beside it `e`, the first `n - 1` of `n`. `a`
 * `[n, n]` is lost. `v` `[n, n]`, zeros before, gets the vectors of the reflections in its rows, `taus` their factors;
 * `w` has room for `2 n` numbers.
 */
export function tridiagonalize(a: usize, n: i32, d: usize, e: usize, v: usize, taus: usize, w: usize): void {
  const row = <usize>n << 3;
  const p = w + row;
  for (let k = 0; k < n; k++) {
    const own = a + <usize>k * row;
    const at = <usize>k << 3;
    // What the reflection before does to all that is left happens as it is read: of this row now, of others below.
    const before = v + <usize>(k - 1) * row;
    if (k > 0) {
      addTimes(-load<f64>(before + at), w + at, own + at, n - k);
      addTimes(-load<f64>(w + at), before + at, own + at, n - k);
    }
    store<f64>(d + at, load<f64>(own + at));
    if (k + 1 == n) return;
    const next = at + 8;
    const rest = n - k - 1;
    const vector = v + <usize>k * row + next;
    memory.copy(vector, own + next, <usize>rest << 3);
    const tau = reflection(vector, rest, e + at);
    store<f64>(taus + at, tau);
    for (let i = k + 1; i < n; i++) {
      const line = a + <usize>i * row + next;
      const place = <usize>i << 3;
      let sum: f64;
      if (k > 0) sum = updateAndDot(line, before + next, load<f64>(w + place), w + next, load<f64>(before + place), vector, rest);
      else sum = dot(line, vector, rest);
      store<f64>(p + place, tau * sum);
    }
    addTimes(-0.5 * tau * dot(p + next, vector, rest), vector, p + next, rest);
    memory.copy(w + next, p + next, <usize>rest << 3);
  }
}

/**
 * Makes of `x` the vector `v` of a reflection `1 - tau v vᵀ` after which only the first number of `x` is left, `beta`, whose
 * place is given. Returns `tau`.
 */
function reflection(x: usize, n: i32, beta: usize): f64 {
  const first = load<f64>(x);
  const squares = n > 1 ? dot(x + 8, x + 8, n - 1) : 0;
  store<f64>(x, 1);
  if (squares == 0) {
    store<f64>(beta, first);
    return 0;
  }
  const norm = sqrt(first * first + squares);
  const left = first > 0 ? -norm : norm;
  store<f64>(beta, left);
  scale(1 / (first - left), x + 8, n - 1);
  return (left - first) / left;
}

/** `line -= wAt · v + vAt · w`, and the product of what becomes of it with `x`. */
function updateAndDot(line: usize, v: usize, wAt: f64, w: usize, vAt: f64, x: usize, n: i32): f64 {
  const left = f64x2.splat(-wAt), right = f64x2.splat(-vAt);
  let first = f64x2.splat(0), second = first;
  let i = 0;
  for (; i <= n - 4; i += 4) {
    const low = madd(right, v128.load(w), madd(left, v128.load(v), v128.load(line)));
    const high = madd(right, v128.load(w, 16), madd(left, v128.load(v, 16), v128.load(line, 16)));
    v128.store(line, low);
    v128.store(line, high, 16);
    first = madd(low, v128.load(x), first);
    second = madd(high, v128.load(x, 16), second);
    line += 32;
    v += 32;
    w += 32;
    x += 32;
  }
  let sum = total(f64x2.add(first, second));
  for (; i < n; i++) {
    const value = load<f64>(line) - wAt * load<f64>(v) - vAt * load<f64>(w);
    store<f64>(line, value);
    sum += value * load<f64>(x);
    line += 8;
    v += 8;
    w += 8;
    x += 8;
  }
  return sum;
}

/**
 * `qᵀ` `[n, n]` of `tridiagonalize` in place of the identity matrix. `room` has space for `2 n` times 32 numbers and 1024
 * more.
 */
export function reflectionsOf(v: usize, taus: usize, n: i32, q: usize, room: usize, scratch: usize): void {
  const row = <usize>n << 3;
  const triangle = room;
  const left = triangle + BLOCK * BLOCK * 8;
  const right = left + <usize>n * BLOCK * 8;
  const count = n - 1;
  if (count < 1) return;
  for (let first = (count - 1) / BLOCK * BLOCK; first >= 0; first -= BLOCK) {
    const size = min(BLOCK, count - first);
    const rest = n - first - 1;
    const vectors = v + <usize>first * row + (<usize>(first + 1) << 3);
    const to = q + <usize>(first + 1) * row + (<usize>(first + 1) << 3);
    factorsOf(vectors, row, taus + (<usize>first << 3), size, rest, triangle);
    product(SET, to, row, 8, vectors, 8, row, left, BLOCK * 8, rest, rest, size, false, scratch);
    product(SET, left, BLOCK * 8, 8, triangle, 8, BLOCK * 8, right, BLOCK * 8, rest, size, size, false, scratch);
    product(SUBTRACT, right, BLOCK * 8, 8, vectors, row, 8, to, row, rest, size, rest, false, scratch);
  }
}

/** The upper triangle `t` with which `1 - vᵀ t v` is the product of reflections, one after the other. */
function factorsOf(v: usize, row: usize, taus: usize, size: i32, n: i32, t: usize): void {
  memory.fill(t, 0, BLOCK * BLOCK * 8);
  for (let i = 0; i < size; i++) {
    const tau = load<f64>(taus + (<usize>i << 3));
    store<f64>(t + <usize>i * (BLOCK * 8 + 8), tau);
    for (let j = 0; j < i; j++) {
      const overlap = dot(v + <usize>j * row, v + <usize>i * row, n);
      for (let p = 0; p <= j; p++) {
        const at = t + <usize>p * (BLOCK * 8);
        const to = at + (<usize>i << 3);
        store<f64>(to, load<f64>(to) - tau * overlap * load<f64>(at + (<usize>j << 3)));
      }
    }
  }
}
