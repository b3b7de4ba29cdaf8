import { loadFirst, storeFirst } from './lanes';
import { madd } from './madd';
import {
  channels, columnOf, endColumn, filterHeight, filterWidth, firstColumn, height, lineOf, outHeight, outWidth, strideX,
  width,
} from './moves';
import { zeros } from './runs';

/**
 * Gradient of a depthwise convolution with respect to its filter `[filterHeight, filterWidth, channels, multiplier]`, from
 * `x` and `dy` `[n, outHeight, outWidth, channels * multiplier]`.
 */
export function depthwiseFilterGrad(x: usize, dy: usize, dFilter: usize, n: i32, multiplier: i32): void {
  zeros(dFilter, filterHeight * filterWidth * channels * multiplier);
  eachLine(x, dy, dFilter, n, multiplier, true);
}

/** The same with respect to `x`. */
export function depthwiseInputGrad(dx: usize, dy: usize, filter: usize, n: i32, multiplier: i32): void {
  zeros(dx, n * height * width * channels);
  eachLine(dx, dy, filter, n, multiplier, false);
}

/** Brings together each line of `dy`, each number of a filter for one channel, and the line of the images that it met. */
function eachLine(images: usize, dy: usize, filter: usize, n: i32, multiplier: i32, ofFilter: bool): void {
  const outputs = channels * multiplier;
  for (let item = 0; item < n; item++) {
    for (let row = 0; row < outHeight; row++) {
      for (let fy = 0; fy < filterHeight; fy++) {
        const y = lineOf(row, fy);
        if (u32(y) >= u32(height)) continue;
        const line = images + (<usize>(y * width * channels) << 2);
        for (let fx = 0; fx < filterWidth; fx++) {
          const at = filter + (<usize>((fy * filterWidth + fx) * outputs) << 2);
          const begin = firstColumn(fx);
          const count = endColumn(fx) - begin;
          const first = line + (<usize>(columnOf(begin, fx) * channels) << 2);
          const slopes = dy + (<usize>(begin * outputs) << 2);
          if (ofFilter) addProducts(first, slopes, at, count, multiplier);
          else if (multiplier == 1) addScaled(first, slopes, at, count);
          else addAnyScaled(first, slopes, at, count, multiplier);
        }
      }
      dy += <usize>(outWidth * outputs) << 2;
    }
    images += <usize>(height * width * channels) << 2;
  }
}

/** `to[c] += Σ x[i, c] dy[i, c]`; the sum of a line is taken first. */
function addProducts(x: usize, dy: usize, to: usize, count: i32, multiplier: i32): void {
  const outputs = channels * multiplier;
  const zero = f32x4.splat(0);
  for (let c = 0; c < outputs; c += 4) {
    let from = x;
    let slope = dy + (<usize>c << 2);
    let sums = zero;
    for (let i = 0; i < count; i++) {
      sums = madd(spread(from, c, multiplier), loadFirst(slope, outputs - c, zero), sums);
      from += <usize>(strideX * channels) << 2;
      slope += <usize>outputs << 2;
    }
    const at = to + (<usize>c << 2);
    storeFirst(at, outputs - c, f32x4.add(loadFirst(at, outputs - c, zero), sums));
  }
}

/** The inputs of four outputs from `c`. */
// @ts-ignore: decorator
@inline export function spread(pixel: usize, c: i32, multiplier: i32): v128 {
  if (multiplier == 1) return loadFirst(pixel + (<usize>c << 2), channels - c, f32x4.splat(0));
  let v = f32x4.splat(0);
  const last = channels - 1;
  v = f32x4.replace_lane(v, 0, load<f32>(pixel + (<usize>(c / multiplier) << 2)));
  v = f32x4.replace_lane(v, 1, load<f32>(pixel + (<usize>min(last, (c + 1) / multiplier) << 2)));
  v = f32x4.replace_lane(v, 2, load<f32>(pixel + (<usize>min(last, (c + 2) / multiplier) << 2)));
  return f32x4.replace_lane(v, 3, load<f32>(pixel + (<usize>min(last, (c + 3) / multiplier) << 2)));
}

/** `dx[i, c] += filter[c] dy[i, c]`. */
function addScaled(dx: usize, dy: usize, filter: usize, count: i32): void {
  const zero = f32x4.splat(0);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c += 4) {
      const at = <usize>c << 2;
      const left = channels - c;
      const y = madd(loadFirst(filter + at, left, zero), loadFirst(dy + at, left, zero), loadFirst(dx + at, left, zero));
      storeFirst(dx + at, left, y);
    }
    dx += <usize>(strideX * channels) << 2;
    dy += <usize>channels << 2;
  }
}

/** `dx[i, c] += Σ filter[c, j] dy[i, c, j]`. */
function addAnyScaled(dx: usize, dy: usize, filter: usize, count: i32, multiplier: i32): void {
  for (let i = 0; i < count; i++) {
    let weight = filter;
    for (let c = 0; c < channels; c++) {
      const at = dx + (<usize>c << 2);
      let sum = load<f32>(at);
      for (let j = 0; j < multiplier; j++) {
        sum += load<f32>(weight) * load<f32>(dy);
        weight += 4;
        dy += 4;
      }
      store<f32>(at, sum);
    }
    dx += <usize>(strideX * channels) << 2;
  }
}
