import { madd } from './madd';

/**
 * Rows of the largest tile. With a fused multiply-add, twelve sums, two numbers of the right factor and one of the left
 * fill the sixteen registers of x64; without one, the product needs a register too, and V8 spills beyond four rows.
 */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

// The size of a type is a constant for the compiler: one source gives a tile for each number of rows.
@unmanaged export class Rows1 { a: u8; }
@unmanaged export class Rows2 { a: u16; }
@unmanaged export class Rows3 { a: u16; b: u8; }
@unmanaged export class Rows4 { a: u32; }
@unmanaged export class Rows5 { a: u32; b: u8; }
@unmanaged export class Rows6 { a: u32; b: u16; }

/**
 * `c = a · b · scale + bias + residual` for `rows` rows and eight columns, or with what is at `c` added to the product by `add`;
 * `a` as `packRows` and `b` as `pack` lay them out, `c` and `residual` with rows `ldc` bytes apart. `bias`, `residual` and
 * `scale` are 0 where there is none.
 */
export function tile(
  rows: i32, a: usize, b: usize, k: i32, c: usize, ldc: usize, add: bool, bias: usize, residual: usize, scale: usize = 0,
): void {
  if (rows == 6) tileOf<Rows6>(a, b, k, c, ldc, add, bias, residual, scale);
  else if (rows == 5) tileOf<Rows5>(a, b, k, c, ldc, add, bias, residual, scale);
  else if (rows == 4) tileOf<Rows4>(a, b, k, c, ldc, add, bias, residual, scale);
  else if (rows == 3) tileOf<Rows3>(a, b, k, c, ldc, add, bias, residual, scale);
  else if (rows == 2) tileOf<Rows2>(a, b, k, c, ldc, add, bias, residual, scale);
  else tileOf<Rows1>(a, b, k, c, ldc, add, bias, residual, scale);
}

function tileOf<R>(
  a: usize, b: usize, k: i32, c: usize, ldc: usize, add: bool, bias: usize, residual: usize, scale: usize,
): void {
  const zero = f32x4.splat(0);
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero;
  let d0 = zero, d1 = zero, e0 = zero, e1 = zero, f0 = zero, f1 = zero;
  const end = b + (<usize>k << 5);
  while (b < end) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let x = v128.load32_splat(a);
    a0 = madd(x, left, a0); a1 = madd(x, right, a1);
    if (offsetof<R>() > 1) { x = v128.load32_splat(a, 4); b0 = madd(x, left, b0); b1 = madd(x, right, b1); }
    if (offsetof<R>() > 2) { x = v128.load32_splat(a, 8); c0 = madd(x, left, c0); c1 = madd(x, right, c1); }
    if (offsetof<R>() > 3) { x = v128.load32_splat(a, 12); d0 = madd(x, left, d0); d1 = madd(x, right, d1); }
    if (offsetof<R>() > 4) { x = v128.load32_splat(a, 16); e0 = madd(x, left, e0); e1 = madd(x, right, e1); }
    if (offsetof<R>() > 5) { x = v128.load32_splat(a, 20); f0 = madd(x, left, f0); f1 = madd(x, right, f1); }
    a += offsetof<R>() << 2;
    b += 32;
  }
  put(c, a0, a1, add, bias, residual, 0, scale);
  if (offsetof<R>() > 1) put(c + ldc, b0, b1, add, bias, residual, ldc, scale);
  if (offsetof<R>() > 2) put(c + 2 * ldc, c0, c1, add, bias, residual, 2 * ldc, scale);
  if (offsetof<R>() > 3) put(c + 3 * ldc, d0, d1, add, bias, residual, 3 * ldc, scale);
  if (offsetof<R>() > 4) put(c + 4 * ldc, e0, e1, add, bias, residual, 4 * ldc, scale);
  if (offsetof<R>() > 5) put(c + 5 * ldc, f0, f1, add, bias, residual, 5 * ldc, scale);
}

// @ts-ignore: decorator
@inline export function put(
  c: usize, left: v128, right: v128, add: bool, bias: usize, residual: usize, row: usize, scale: usize,
): void {
  if (add) {
    left = f32x4.add(left, v128.load(c));
    right = f32x4.add(right, v128.load(c, 16));
  }
  if (scale) {
    left = f32x4.mul(left, v128.load(scale));
    right = f32x4.mul(right, v128.load(scale, 16));
  }
  if (bias) {
    left = f32x4.add(left, v128.load(bias));
    right = f32x4.add(right, v128.load(bias, 16));
  }
  if (residual) {
    left = f32x4.add(left, v128.load(residual + row));
    right = f32x4.add(right, v128.load(residual + row, 16));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}
