import { loadFirst, storeFirst } from './lanes';

// For runs of numbers that are too short for the engine's bulk instructions.

export function copy(to: usize, from: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, load<f32>(from));
    to += 4;
    from += 4;
  }
}

export function addTo(to: usize, from: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    to += 16;
    from += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    to += 4;
    from += 4;
  }
}

export function zeros(to: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, f32x4.splat(0));
    to += 16;
  }
  for (; count > 0; count--) {
    store<f32>(to, 0);
    to += 4;
  }
}

export function divide(at: usize, count: i32, by: f32): void {
  for (; count > 0; count -= 4) {
    storeFirst(at, count, f32x4.div(loadFirst(at, count, f32x4.splat(0)), f32x4.splat(by)));
    at += 16;
  }
}
