import { COLUMNS } from './pack-columns';
import { SCALE_BYTES } from './quantize-rows';

/**
 * Integer sums of a tile as float32 at `to`, rows `ldTo` bytes apart: `(sum - zero point * column sum) * row scale *
 * column scale`, added to what is there with `add`. `columnSums` is 0 where there are no zero points.
 */
export function dequantize(
  sums: usize, rows: i32, rowScales: usize, columnScales: usize, columnSums: usize, to: usize, ldTo: usize, add: bool,
): void {
  for (let i = 0; i < rows; i++) {
    const scale = f32x4.splat(load<f32>(rowScales));
    const zero = i32x4.splat(load<i32>(rowScales, 4));
    for (let j: usize = 0; j < <usize>COLUMNS << 2; j += 16) {
      let sum = v128.load(sums + j);
      if (columnSums) sum = i32x4.sub(sum, i32x4.mul(zero, v128.load(columnSums + j)));
      let y = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), scale), v128.load(columnScales + j));
      if (add) y = f32x4.add(y, v128.load(to + j));
      v128.store(to + j, y);
    }
    rowScales += SCALE_BYTES;
    sums += 32;
    to += ldTo;
  }
}
