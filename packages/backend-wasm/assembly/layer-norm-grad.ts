import { squares, total } from './layer-norm';
import { loadFirst, storeFirst, sum } from './lanes';
import { madd } from './madd';

/**
 * Gradients of layer norm with respect to `x`, weight and bias, from that of its result.
 *
 * With `u = (x - mean) s` and `g = dy weight`: `dx = s (g - mean(g) - u mean(g u))`; `dWeight` sums `dy u`, `dBias` `dy`.
 */
export function layerNormGrad(
  x: usize, weight: usize, dy: usize, dx: usize, dWeight: usize, dBias: usize, rows: i32, width: i32, epsilon: f32,
): void {
  const step = <usize>width << 2;
  memory.fill(dWeight, 0, step);
  memory.fill(dBias, 0, step);
  for (let row = 0; row < rows; row++) {
    const mean = f32x4.splat(total(x, width) / <f32>width);
    const scale = f32x4.splat(1 / sqrt(squares(x, mean, width) / <f32>width + epsilon));
    rowGrad(x, weight, dy, dx, dWeight, dBias, width, mean, scale);
    x += step;
    dy += step;
    dx += step;
  }
}

function rowGrad(
  x: usize, weight: usize, dy: usize, dx: usize, dWeight: usize, dBias: usize, width: i32, mean: v128, scale: v128,
): void {
  const zero = f32x4.splat(0);
  let sums = zero;
  let products = zero;
  for (let i = 0; i < width; i += 4) {
    const at = <usize>i << 2;
    const count = width - i;
    const unit = f32x4.mul(f32x4.sub(loadFirst(x + at, count, mean), mean), scale);
    const slope = loadFirst(dy + at, count, zero);
    const inner = f32x4.mul(slope, loadFirst(weight + at, count, zero));
    sums = f32x4.add(sums, inner);
    products = madd(inner, unit, products);
    storeFirst(dWeight + at, count, madd(slope, unit, loadFirst(dWeight + at, count, zero)));
    storeFirst(dBias + at, count, f32x4.add(slope, loadFirst(dBias + at, count, zero)));
  }
  const meanSum = f32x4.splat(sum(sums) / <f32>width);
  const meanProduct = f32x4.splat(sum(products) / <f32>width);
  for (let i = 0; i < width; i += 4) {
    const at = <usize>i << 2;
    const count = width - i;
    const unit = f32x4.mul(f32x4.sub(loadFirst(x + at, count, mean), mean), scale);
    const inner = f32x4.mul(loadFirst(dy + at, count, zero), loadFirst(weight + at, count, zero));
    const rest = f32x4.sub(f32x4.sub(inner, meanSum), f32x4.mul(unit, meanProduct));
    storeFirst(dx + at, count, f32x4.mul(rest, scale));
  }
}
