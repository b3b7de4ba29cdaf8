import { outlierProducts } from './outliers';
import { ROW_BYTES } from './describe-rows';

/**
 * Integer sums of a tile as float32 at `to`, rows `ldTo` bytes apart: `(((sum - zero point * column sum) * row scale +
 * outliers) * column scale) * scale + bias + residual`, what is there added before `scale` with `add`. `columnSums` is 0 where no
 * zero points are due, `scale`, `bias` and `residual`, whose rows are as far apart, where there is none. The sums are those of `steps` steps from
 * number `begin` on, whose weights are in `panel`.
 */
export function dequantize(
  sums: usize, rows: i32, described: usize, columnScales: usize, columnSums: usize, to: usize, ldTo: usize, add: bool,
  scale: usize, bias: usize, residual: usize, panel: usize, begin: i32, steps: i32, format: i32,
): void {
  const none = f32x4.splat(0);
  const scaleLeft = v128.load(columnScales), scaleRight = v128.load(columnScales, 16);
  const biasLeft = bias ? v128.load(bias) : none, biasRight = bias ? v128.load(bias, 16) : none;
  const sumLeft = columnSums ? v128.load(columnSums) : none, sumRight = columnSums ? v128.load(columnSums, 16) : none;
  for (let i = 0; i < rows; i++) {
    let left = v128.load(sums), right = v128.load(sums, 16);
    if (columnSums) {
      const zero = v128.load32_splat(described, 4);
      left = i32x4.sub(left, i32x4.mul(zero, sumLeft));
      right = i32x4.sub(right, i32x4.mul(zero, sumRight));
    }
    const rowScale = v128.load32_splat(described);
    left = f32x4.mul(f32x4.convert_i32x4_s(left), rowScale);
    right = f32x4.mul(f32x4.convert_i32x4_s(right), rowScale);
    if (load<i32>(described, 12)) {
      // The sums have been read: their place is free.
      outlierProducts(described, panel, begin, steps, format, sums);
      left = f32x4.add(left, v128.load(sums));
      right = f32x4.add(right, v128.load(sums, 16));
    }
    left = f32x4.mul(left, scaleLeft);
    right = f32x4.mul(right, scaleRight);
    if (add) {
      left = f32x4.add(left, v128.load(to));
      right = f32x4.add(right, v128.load(to, 16));
    }
    if (scale) {
      left = f32x4.mul(left, v128.load(scale));
      right = f32x4.mul(right, v128.load(scale, 16));
    }
    left = f32x4.add(left, biasLeft);
    right = f32x4.add(right, biasRight);
    if (residual) {
      left = f32x4.add(left, v128.load(residual));
      right = f32x4.add(right, v128.load(residual, 16));
      residual += ldTo;
    }
    v128.store(to, left);
    v128.store(to, right, 16);
    described += ROW_BYTES;
    sums += 32;
    to += ldTo;
  }
}
