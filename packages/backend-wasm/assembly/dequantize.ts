import { COLUMNS } from './pack-columns';

/**
 * Integer sums of a tile as float32 at `to`, rows `ldTo` bytes apart: `(sum - correction) * row scale * column scale`,
 * added to what is there with `add`. `corrections` is 0 where there are none.
 */
export function dequantize(
  sums: usize, rows: i32, rowScales: usize, columnScales: usize, corrections: usize, to: usize, ldTo: usize, add: bool,
): void {
  for (let i = 0; i < rows; i++) {
    const scale = f32x4.splat(load<f32>(rowScales + (<usize>i << 2)));
    for (let j: usize = 0; j < <usize>COLUMNS << 2; j += 16) {
      let sum = v128.load(sums + j);
      if (corrections) sum = i32x4.sub(sum, v128.load(corrections + j));
      let y = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), v128.load(columnScales + j));
      if (add) y = f32x4.add(y, v128.load(to + j));
      v128.store(to + j, y);
    }
    sums += 32;
    to += ldTo;
  }
}
