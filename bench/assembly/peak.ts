/**
 * Multiply-adds of float32 that do not wait for one another: `rounds` times 12 of 4 lanes. The factor comes from outside,
 * so that no engine makes it anew each time.
 */
export function float32(rounds: i32, factor: f32): f32 {
  let a = f32x4.splat(1), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
  const x = f32x4.splat(factor), y = f32x4.splat(1 - factor);
  for (; rounds > 0; rounds--) {
    a = madd(a, x, y); b = madd(b, x, y); c = madd(c, x, y); d = madd(d, x, y);
    e = madd(e, x, y); f = madd(f, x, y); g = madd(g, x, y); h = madd(h, x, y);
    i = madd(i, x, y); j = madd(j, x, y); k = madd(k, x, y); l = madd(l, x, y);
  }
  const sum = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  return f32x4.extract_lane(f32x4.add(sum, f32x4.add(f32x4.add(i, j), f32x4.add(k, l))), 0);
}

/** The same of int16, 8 lanes, added as int32. */
export function int16(rounds: i32, factor: i32): i32 {
  let a = i32x4.splat(1), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
  const x = i16x8.splat(<i16>factor);
  for (; rounds > 0; rounds--) {
    a = i32x4.add(a, i32x4.dot_i16x8_s(x, a)); b = i32x4.add(b, i32x4.dot_i16x8_s(x, b));
    c = i32x4.add(c, i32x4.dot_i16x8_s(x, c)); d = i32x4.add(d, i32x4.dot_i16x8_s(x, d));
    e = i32x4.add(e, i32x4.dot_i16x8_s(x, e)); f = i32x4.add(f, i32x4.dot_i16x8_s(x, f));
    g = i32x4.add(g, i32x4.dot_i16x8_s(x, g)); h = i32x4.add(h, i32x4.dot_i16x8_s(x, h));
    i = i32x4.add(i, i32x4.dot_i16x8_s(x, i)); j = i32x4.add(j, i32x4.dot_i16x8_s(x, j));
    k = i32x4.add(k, i32x4.dot_i16x8_s(x, k)); l = i32x4.add(l, i32x4.dot_i16x8_s(x, l));
  }
  const sum = i32x4.add(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)), i32x4.add(i32x4.add(e, f), i32x4.add(g, h)));
  return i32x4.extract_lane(i32x4.add(sum, i32x4.add(i32x4.add(i, j), i32x4.add(k, l))), 0);
}

/** The same of int8, 16 lanes, added as int32. */
export function int8(rounds: i32, factor: i32): i32 {
  let a = i32x4.splat(1), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
  const x = i8x16.splat(<i8>factor);
  for (; rounds > 0; rounds--) {
    a = dot(a, x, a); b = dot(b, x, b); c = dot(c, x, c); d = dot(d, x, d);
    e = dot(e, x, e); f = dot(f, x, f); g = dot(g, x, g); h = dot(h, x, h);
    i = dot(i, x, i); j = dot(j, x, j); k = dot(k, x, k); l = dot(l, x, l);
  }
  const sum = i32x4.add(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)), i32x4.add(i32x4.add(e, f), i32x4.add(g, h)));
  return i32x4.extract_lane(i32x4.add(sum, i32x4.add(i32x4.add(i, j), i32x4.add(k, l))), 0);
}

function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

function dot(a: v128, b: v128, sums: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_dot_i8x16_i7x16_add_s(a, b, sums);
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(a), i16x8.extend_low_i8x16_s(b));
  return i32x4.add(sums, i32x4.add(low, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(a), i16x8.extend_high_i8x16_s(b))));
}
