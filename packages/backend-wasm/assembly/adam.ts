import { loadFirst, storeFirst } from './lanes';
import { madd } from './madd';

/**
 * One step of Adam for `size` numbers: new means `first` of the old and the rest of the gradient, new squares likewise by
 * `second`, and values times `keep` less `rate` times mean over `√square · correction + epsilon`.
 */
export function adam(
  value: usize, gradient: usize, mean: usize, square: usize, newValue: usize, newMean: usize, newSquare: usize, size: i32,
  first: f32, restOfFirst: f32, second: f32, restOfSecond: f32, keep: f32, rate: f32, correction: f32, epsilon: f32,
): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < size; i += 4) {
    const at = <usize>i << 2;
    const count = size - i;
    const g = loadFirst(gradient + at, count, zero);
    const m = madd(g, f32x4.splat(restOfFirst), f32x4.mul(loadFirst(mean + at, count, zero), f32x4.splat(first)));
    const own = f32x4.mul(f32x4.mul(g, g), f32x4.splat(restOfSecond));
    const s = madd(loadFirst(square + at, count, zero), f32x4.splat(second), own);
    const scale = madd(f32x4.sqrt(s), f32x4.splat(correction), f32x4.splat(epsilon));
    const step = f32x4.mul(f32x4.div(m, scale), f32x4.splat(rate));
    const old = f32x4.mul(loadFirst(value + at, count, zero), f32x4.splat(keep));
    storeFirst(newMean + at, count, m);
    storeFirst(newSquare + at, count, s);
    storeFirst(newValue + at, count, f32x4.sub(old, step));
  }
}
