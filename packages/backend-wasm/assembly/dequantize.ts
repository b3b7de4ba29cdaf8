import { COLUMNS } from './columns';
import { outlierProducts } from './outliers';
import { ROW_BYTES } from './quantize-rows';

/**
 * Integer sums of a tile as float32 at `to`, rows `ldTo` bytes apart: `((sum - zero point * column sum) * row scale +
 * outliers) * column scale`, added to what is there with `add`. `columnSums` is 0 where no zero points are due. The
 * sums are those of `steps` steps from number `begin` on, whose weights are in `panel`.
 */
export function dequantize(
  sums: usize, rows: i32, described: usize, columnScales: usize, columnSums: usize, to: usize, ldTo: usize, add: bool,
  panel: usize, begin: i32, steps: i32, format: i32,
): void {
  for (let i = 0; i < rows; i++) {
    const scale = f32x4.splat(load<f32>(described));
    const zero = i32x4.splat(load<i32>(described, 4));
    const outliers = load<i32>(described, 12);
    for (let j: usize = 0; j < <usize>COLUMNS << 2; j += 16) {
      let sum = v128.load(sums + j);
      if (columnSums) sum = i32x4.sub(sum, i32x4.mul(zero, v128.load(columnSums + j)));
      let y = f32x4.mul(f32x4.convert_i32x4_s(sum), scale);
      if (outliers) y = f32x4.add(y, outlierProducts(described, panel, j, begin, steps, format));
      y = f32x4.mul(y, v128.load(columnScales + j));
      if (add) y = f32x4.add(y, v128.load(to + j));
      v128.store(to + j, y);
    }
    described += ROW_BYTES;
    sums += 32;
    to += ldTo;
  }
}
