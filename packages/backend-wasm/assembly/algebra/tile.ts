import { Rows1, Rows2, Rows3, Rows4, Rows5, Rows6 } from '../tile';

/** Rows of the largest tile; see `../tile`. */
export const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;
/** Columns of a tile. */
export const COLUMNS: i32 = 4;

/** `a * b + c`: rounded once with relaxed SIMD on machines that fuse, twice elsewhere. */
// @ts-ignore: decorator
@inline export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f64x2.relaxed_madd(a, b, c) : f64x2.add(c, f64x2.mul(a, b));
}

/** `c = a · b`, or `c += a · b` with `add`, for `rows` rows and four columns in double precision, both packed. */
export function tile(rows: i32, a: usize, b: usize, k: i32, c: usize, ldc: usize, add: bool): void {
  if (rows == 6) tileOf<Rows6>(a, b, k, c, ldc, add);
  else if (rows == 5) tileOf<Rows5>(a, b, k, c, ldc, add);
  else if (rows == 4) tileOf<Rows4>(a, b, k, c, ldc, add);
  else if (rows == 3) tileOf<Rows3>(a, b, k, c, ldc, add);
  else if (rows == 2) tileOf<Rows2>(a, b, k, c, ldc, add);
  else tileOf<Rows1>(a, b, k, c, ldc, add);
}

function tileOf<R>(a: usize, b: usize, k: i32, c: usize, ldc: usize, add: bool): void {
  const zero = f64x2.splat(0);
  let a0 = zero, a1 = zero, b0 = zero, b1 = zero, c0 = zero, c1 = zero;
  let d0 = zero, d1 = zero, e0 = zero, e1 = zero, f0 = zero, f1 = zero;
  const end = b + (<usize>k << 5);
  while (b < end) {
    const left = v128.load(b);
    const right = v128.load(b, 16);
    let x = v128.load64_splat(a);
    a0 = madd(x, left, a0); a1 = madd(x, right, a1);
    if (offsetof<R>() > 1) { x = v128.load64_splat(a, 8); b0 = madd(x, left, b0); b1 = madd(x, right, b1); }
    if (offsetof<R>() > 2) { x = v128.load64_splat(a, 16); c0 = madd(x, left, c0); c1 = madd(x, right, c1); }
    if (offsetof<R>() > 3) { x = v128.load64_splat(a, 24); d0 = madd(x, left, d0); d1 = madd(x, right, d1); }
    if (offsetof<R>() > 4) { x = v128.load64_splat(a, 32); e0 = madd(x, left, e0); e1 = madd(x, right, e1); }
    if (offsetof<R>() > 5) { x = v128.load64_splat(a, 40); f0 = madd(x, left, f0); f1 = madd(x, right, f1); }
    a += offsetof<R>() << 3;
    b += 32;
  }
  put(c, a0, a1, add);
  if (offsetof<R>() > 1) put(c + ldc, b0, b1, add);
  if (offsetof<R>() > 2) put(c + 2 * ldc, c0, c1, add);
  if (offsetof<R>() > 3) put(c + 3 * ldc, d0, d1, add);
  if (offsetof<R>() > 4) put(c + 4 * ldc, e0, e1, add);
  if (offsetof<R>() > 5) put(c + 5 * ldc, f0, f1, add);
}

// @ts-ignore: decorator
@inline export function put(c: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    left = f64x2.add(left, v128.load(c));
    right = f64x2.add(right, v128.load(c, 16));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}
