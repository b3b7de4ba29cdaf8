import { AHEAD } from './ahead';

/** Vectors whose counts, up to 8 in each byte, a byte can hold. */
const PER_BYTE: usize = 31 * 16;

/**
 * Sets `to[q * count + i]`, float64, to `dim - 2 * hamming` of query `q` and row `i`, `width` bytes each, a multiple of 16. What is
 * beyond `dim` bits is alike in all.
 */
export function dotSigns(rows: usize, count: i32, queries: usize, n: i32, width: i32, dim: i32, to: usize): void {
  const step = <usize>width;
  let touched = i8x16.splat(0);
  for (let q = 0; q < n; q++) {
    let row = rows;
    for (let i = 0; i < count; i++) {
      let different = i32x4.splat(0);
      for (let k: usize = 0; k < step; k += PER_BYTE) {
        different = i32x4.add(different, bits(row + k, queries + k, min(PER_BYTE, step - k)));
      }
      touched = v128.or(touched, v128.load(row + AHEAD));
      store<f64>(to, <f64>(dim - 2 * sum(different)));
      row += step;
      to += 8;
    }
    queries += step;
  }
  v128.store(to, touched); // Only so that it is read at all.
}

// @ts-ignore: decorator
@inline export function bits(row: usize, query: usize, bytes: usize): v128 {
  let counts = i8x16.splat(0);
  for (let k: usize = 0; k < bytes; k += 16) {
    counts = i8x16.add(counts, i8x16.popcnt(v128.xor(v128.load(row + k), v128.load(query + k))));
  }
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(counts));
}

// @ts-ignore: decorator
@inline export function sum(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}
