import { activation, GELU, GELU_TANH, QUICK_GELU, RELU, SILU } from './activation';
import { loadFirst, storeFirst } from './lanes';

/** `size` numbers through an activation; `from` and `to` may be the same. */
export function activate(from: usize, to: usize, size: i32, kind: i32): void {
  // One loop for each: constants make it short.
  if (kind == QUICK_GELU) each(from, to, size, QUICK_GELU);
  else if (kind == GELU) each(from, to, size, GELU);
  else if (kind == GELU_TANH) each(from, to, size, GELU_TANH);
  else if (kind == RELU) each(from, to, size, RELU);
  else if (kind == SILU) each(from, to, size, SILU);
}

// @ts-ignore: decorator
@inline export function each(from: usize, to: usize, size: i32, kind: i32): void {
  for (; size >= 8; size -= 8) {
    v128.store(to, activation(v128.load(from), kind));
    v128.store(to, activation(v128.load(from, 16), kind), 16);
    from += 32;
    to += 32;
  }
  for (; size > 0; size -= 4) {
    storeFirst(to, size, activation(loadFirst(from, size, f32x4.splat(0)), kind));
    from += 16;
    to += 16;
  }
}
