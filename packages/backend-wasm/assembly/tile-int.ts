import { INT16 } from './format';
import { Rows1, Rows2, Rows3, Rows4, Rows5, Rows6 } from './tile';

/** Rows of the largest tile. */
export const INT_ROWS: i32 = 6;

/**
 * The same for one kind of numbers. A product of int16 needs a register of its own, and V8 spills beyond five rows, as
 * it does beyond four where a product of int8 takes several instructions.
 */
// @ts-ignore: decorator
@inline export function rowsAtOnce(format: i32): i32 {
  if (format == INT16) return 5;
  return ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
}

@unmanaged class Int16 { a: u16; }
@unmanaged class Int8 { a: u8; }

/**
 * Integer sums at `c`, 32 bytes a row, of `rows` rows of `a` by eight columns of `b`, `steps` steps long; laid out as
 * for `tile`.
 */
export function intTile(rows: i32, a: usize, b: usize, steps: i32, c: usize, format: i32): void {
  if (format == INT16) tileOf<Int16>(rows, a, b, steps, c);
  else tileOf<Int8>(rows, a, b, steps, c);
}

function tileOf<T>(rows: i32, a: usize, b: usize, steps: i32, c: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD && offsetof<T>() == 1 && rows == 6) rowsOf<T, Rows6>(a, b, steps, c);
  else if ((ASC_FEATURE_RELAXED_SIMD || offsetof<T>() == 2) && rows == 5) rowsOf<T, Rows5>(a, b, steps, c);
  else if (rows == 4) rowsOf<T, Rows4>(a, b, steps, c);
  else if (rows == 3) rowsOf<T, Rows3>(a, b, steps, c);
  else if (rows == 2) rowsOf<T, Rows2>(a, b, steps, c);
  else rowsOf<T, Rows1>(a, b, steps, c);
}

function rowsOf<T, R>(a: usize, b: usize, steps: i32, c: usize): void {
  const zero = i32x4.splat(0);
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero, d0 = zero, d1 = zero;
  let e0 = zero, e1 = zero, f0 = zero, f1 = zero;
  const end = b + (<usize>steps << 5);
  while (b < end) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let x = v128.load32_splat(a);
    a0 = dot<T>(left, x, a0); a1 = dot<T>(right, x, a1);
    if (offsetof<R>() > 1) { x = v128.load32_splat(a, 4); b0 = dot<T>(left, x, b0); b1 = dot<T>(right, x, b1); }
    if (offsetof<R>() > 2) { x = v128.load32_splat(a, 8); c0 = dot<T>(left, x, c0); c1 = dot<T>(right, x, c1); }
    if (offsetof<R>() > 3) { x = v128.load32_splat(a, 12); d0 = dot<T>(left, x, d0); d1 = dot<T>(right, x, d1); }
    if (offsetof<R>() > 4) { x = v128.load32_splat(a, 16); e0 = dot<T>(left, x, e0); e1 = dot<T>(right, x, e1); }
    if (offsetof<R>() > 5) { x = v128.load32_splat(a, 20); f0 = dot<T>(left, x, f0); f1 = dot<T>(right, x, f1); }
    a += offsetof<R>() << 2;
    b += 32;
  }
  v128.store(c, a0); v128.store(c, a1, 16);
  if (offsetof<R>() > 1) { v128.store(c, b0, 32); v128.store(c, b1, 48); }
  if (offsetof<R>() > 2) { v128.store(c, c0, 64); v128.store(c, c1, 80); }
  if (offsetof<R>() > 3) { v128.store(c, d0, 96); v128.store(c, d1, 112); }
  if (offsetof<R>() > 4) { v128.store(c, e0, 128); v128.store(c, e1, 144); }
  if (offsetof<R>() > 5) { v128.store(c, f0, 160); v128.store(c, f1, 176); }
}

/** Adds to each lane the products of the numbers in it. */
// @ts-ignore: decorator
@inline export function dot<T>(weights: v128, x: v128, sums: v128): v128 {
  if (offsetof<T>() == 2) return i32x4.add(sums, i32x4.dot_i16x8_s(weights, x));
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, x, sums);
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(weights), i16x8.extend_low_i8x16_u(x));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(weights), i16x8.extend_high_i8x16_u(x));
  const even = i32x4.shuffle(low, high, 0, 2, 4, 6);
  return i32x4.add(sums, i32x4.add(even, i32x4.shuffle(low, high, 1, 3, 5, 7)));
}
