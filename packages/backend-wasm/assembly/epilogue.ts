import { activation } from './activations';
import { loadFirst, storeFirst } from './lanes';

/**
 * `to = activation(from · scale + bias) + residual` for one tile while it is in the first cache. `scale`, `bias` and `residual`
 * are 0 where there is none; `residual` has rows `ldTo` bytes apart, as `to` has.
 */
export function finish(
  from: usize, ldFrom: usize, to: usize, ldTo: usize, rows: i32, columns: i32,
  scale: usize, bias: usize, kind: i32, residual: usize,
): void {
  const zero = f32x4.splat(0);
  const more = columns - 4;
  const one = f32x4.splat(1);
  const scaleLeft = scale ? loadFirst(scale, columns, one) : one;
  const scaleRight = scale ? loadFirst(scale + 16, more, one) : one;
  const biasLeft = bias ? loadFirst(bias, columns, zero) : zero;
  const biasRight = bias ? loadFirst(bias + 16, more, zero) : zero;
  for (let i = 0; i < rows; i++) {
    let left = activation(f32x4.add(f32x4.mul(v128.load(from), scaleLeft), biasLeft), kind);
    let right = activation(f32x4.add(f32x4.mul(v128.load(from, 16), scaleRight), biasRight), kind);
    if (residual) {
      left = f32x4.add(left, loadFirst(residual, columns, zero));
      right = f32x4.add(right, loadFirst(residual + 16, more, zero));
      residual += ldTo;
    }
    storeFirst(to, columns, left);
    storeFirst(to + 16, more, right);
    from += ldFrom;
    to += ldTo;
  }
}
