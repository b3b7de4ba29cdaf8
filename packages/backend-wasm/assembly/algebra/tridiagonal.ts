import { madd } from './tile';
import { addTimes, dot, scale, total } from './vectors';

/** Beside numbers of about 1 nothing, and its square has lost digits. */
const TINY: f64 = 1e-140;
/** Side of `t`. */
const BLOCK: i32 = 32;

/**
 * `a = q · t · qᵀ` by Householder reflections: `t` has the diagonal `d` and beside it `e`, the first `n - 1` of `n`. `a`
 * `[n, n]` is lost. `v` `[n, n]`, zeros before, gets the vectors of the reflections in its rows, `taus` their factors;
 * `w` has room for `2 n` numbers. Reflections `begin` to before `end`, after those before them.
 */
export function tridiagonalize(
  a: usize, n: i32, d: usize, e: usize, v: usize, taus: usize, w: usize, begin: i32, end: i32,
): void {
  const row = <usize>n << 3;
  const p = w + row;
  for (let k = begin; k < end; k++) {
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
  if (squares < TINY * TINY) {
    memory.fill(x + 8, 0, <usize>(n - 1) << 3);
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

/** The upper triangle `t` `[32, 32]` with which `1 - vᵀ t v` is the product of at most so many reflections, one after the other. */
export function factorsOf(v: usize, row: usize, taus: usize, size: i32, n: i32, t: usize): void {
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
