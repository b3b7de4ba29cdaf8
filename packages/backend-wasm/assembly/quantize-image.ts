import { ROW_BYTES } from './describe-rows';
import { activationRange, INT8 } from './format';
import { maximum, minimum, sum } from './lanes';
import { columnBytes, panelBytes } from './quantized';
import { fourSteps, inverseOf, leastOf, mostOf, shiftOf } from './quantize-rows';

/** Steps that the mean of an image's sizes has at least. */
const STEPS_IN_MEAN: f32 = 8;

/**
 * The codes of an image's `pixels`, of `channels` numbers each, a multiple of sixteen, at `to`, each number times its channel's factor
 * of `b`, weights `[k, n]` of an integer format. Behind them, what is known of a row of them, as `describeRows` writes it, and the
 * codes of a pixel of zeros. One step serves the whole image.
 *
 * @returns whether there are codes: not where a step would be coarse, as with NaN and infinity, nor where a channel has several
 *   factors.
 */
export function quantizeImage(
  from: usize, to: usize, pixels: i32, channels: i32, b: usize, k: i32, n: i32, format: i32,
): bool {
  const factors = b + panelBytes(k, n, format) + 2 * columnBytes(n);
  const pixel = <usize>channels << 2;
  for (let at = pixel; at < <usize>k << 2; at += 16) {
    if (v128.any_true(v128.xor(v128.load(factors + at), v128.load(factors + at - pixel)))) return false;
  }
  const described = to + ((<usize>pixels * pixel) >> format);
  if (!describeImage(from, factors, pixels, pixel, described, format)) return false;
  const inverse = inverseOf(described), shift = shiftOf(described), least = leastOf(format), most = mostOf(format);
  for (let i = 0; i < pixels; i++) {
    for (let at: usize = 0; at < pixel; at += <usize>16 << format) {
      v128.store(to, fourSteps(from + at, factors + at, inverse, shift, least, most, format));
      to += 16;
    }
    from += pixel;
  }
  memory.fill(described + ROW_BYTES, <u8>load<i32>(described, 4), pixel >> format);
  return true;
}

function describeImage(from: usize, factors: usize, pixels: i32, pixel: usize, to: usize, format: i32): bool {
  // As in `describeRow`.
  let highs = i32x4.splat(0), lows = i32x4.splat(i32.MIN_VALUE);
  let sizes = f32x4.splat(0), more = sizes;
  for (let i = 0; i < pixels; i++) {
    for (let at: usize = 0; at < pixel; at += 32) {
      const x = f32x4.mul(v128.load(from + at), v128.load(factors + at));
      const y = f32x4.mul(v128.load(from + at, 16), v128.load(factors + at, 16));
      highs = i32x4.max_s(i32x4.max_s(highs, x), y);
      lows = i32x4.max_u(i32x4.max_u(lows, x), y);
      sizes = f32x4.add(sizes, f32x4.abs(x));
      more = f32x4.add(more, f32x4.abs(y));
    }
    from += pixel;
  }
  const high = maximum(highs), low = minimum(lows);
  const scale = (format == INT8 ? high - low : max(high, -low)) / activationRange(format);
  store<f32>(to, scale);
  store<i32>(to, format == INT8 && scale > 0 ? <i32>nearest(-low / scale) : 0, 4);
  store<i64>(to, 0, 8);
  return scale < Infinity && STEPS_IN_MEAN * scale * <f32>pixels * <f32>(pixel >> 2) <= sum(f32x4.add(sizes, more));
}
