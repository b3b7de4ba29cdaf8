import { madd } from './tile';

/** `x · y` of `n` numbers. */
export function dot(x: usize, y: usize, n: i32): f64 {
  let first = f64x2.splat(0), second = first;
  let i = 0;
  for (; i <= n - 4; i += 4) {
    first = madd(v128.load(x), v128.load(y), first);
    second = madd(v128.load(x, 16), v128.load(y, 16), second);
    x += 32;
    y += 32;
  }
  let sum = total(f64x2.add(first, second));
  for (; i < n; i++) {
    sum += load<f64>(x) * load<f64>(y);
    x += 8;
    y += 8;
  }
  return sum;
}

/** `y += factor · x`. */
export function addTimes(factor: f64, x: usize, y: usize, n: i32): void {
  const factors = f64x2.splat(factor);
  let i = 0;
  for (; i <= n - 2; i += 2) {
    v128.store(y, madd(factors, v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
  }
  if (i < n) store<f64>(y, load<f64>(y) + factor * load<f64>(x));
}

export function scale(factor: f64, x: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    store<f64>(x, factor * load<f64>(x));
    x += 8;
  }
}

// @ts-ignore: decorator
@inline export function total(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}
