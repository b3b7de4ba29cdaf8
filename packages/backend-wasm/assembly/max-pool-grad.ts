import { loadFirst, storeFirst } from './lanes';
import { channels, columnOf, filterHeight, filterWidth, height, lineOf, outHeight, outWidth, width } from './moves';
import { zeros } from './runs';

/**
 * The gradient of the largest number under a filter, from `x`, the result `y` and `dy`: it goes to the first of equal
 * ones, in reading order. Where the largest is NaN, it goes nowhere.
 */
export function maxPoolGrad(x: usize, y: usize, dy: usize, dx: usize, n: i32): void {
  const pixel = <usize>channels << 2;
  const image = <usize>(height * width) * pixel;
  zeros(dx, n * height * width * channels);
  for (let item = 0; item < n; item++) {
    for (let line = 0; line < outHeight; line++) {
      for (let column = 0; column < outWidth; column++) {
        for (let c = 0; c < channels; c += 4) place(x, y, dy, dx, line, column, c);
        y += pixel;
        dy += pixel;
      }
    }
    x += image;
    dx += image;
  }
}

/** Four channels of one place. */
// @ts-ignore: decorator
@inline export function place(x: usize, y: usize, dy: usize, dx: usize, line: i32, column: i32, c: i32): void {
  const zero = f32x4.splat(0);
  const count = channels - c;
  const at = <usize>c << 2;
  const largest = loadFirst(y + at, count, zero);
  let slope = loadFirst(dy + at, count, zero);
  for (let fy = 0; fy < filterHeight; fy++) {
    const row = lineOf(line, fy);
    if (u32(row) >= u32(height)) continue;
    for (let fx = 0; fx < filterWidth; fx++) {
      const place = columnOf(column, fx);
      if (u32(place) >= u32(width)) continue;
      const offset = (<usize>((row * width + place) * channels) << 2) + at;
      const hit = f32x4.eq(loadFirst(x + offset, count, zero), largest);
      if (!v128.any_true(hit)) continue;
      const sum = f32x4.add(loadFirst(dx + offset, count, zero), v128.and(hit, slope));
      storeFirst(dx + offset, count, sum);
      slope = v128.andnot(slope, hit);
    }
  }
}
