import { activation } from './activation';
import { loadFirst, storeFirst } from './lanes';

/** `size` numbers through an activation; `from` and `to` may be the same. */
export function activate(from: usize, to: usize, size: i32, kind: i32): void {
  for (let i = 0; i < size; i += 4) {
    const at = (<usize>i) << 2;
    storeFirst(to + at, size - i, activation(loadFirst(from + at, size - i, f32x4.splat(0)), kind));
  }
}
