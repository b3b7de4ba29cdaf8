import * as tf from '@tensorflow/tfjs-core';

/** How a square filter moves over an image. Counts are pixels. */
export interface ConvOptions {
  /** Default 1. */
  readonly stride?: number;
  /** Zeros on every side, as in PyTorch. Default 0. */
  readonly padding?: number;
  /** Distance of neighbours under the filter. Default 1. */
  readonly dilation?: number;
}

/**
 * For each position `i, j` of a filter, row by row, the pixels that it meets: `[n, out height, out width, channels]`.
 *
 * @param x `[n, height, width, channels]`.
 * @param out Height and width of the convolution's output.
 */
export function convWindows(
  x: tf.Tensor4D,
  size: number,
  [outHeight, outWidth]: readonly [number, number],
  { stride = 1, padding = 0, dilation = 1 }: ConvOptions,
): tf.Tensor4D[] {
  const [n, height, width, channels] = x.shape;
  const reach = (size - 1) * dilation;
  const missing = (outSize: number, inSize: number) => Math.max(0, reach + outSize * stride - inSize - padding);
  const padded = tf.pad(x, [
    [0, 0],
    [padding, missing(outHeight, height)],
    [padding, missing(outWidth, width)],
    [0, 0],
  ]);
  return Array.from({ length: size * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size) * dilation, (at % size) * dilation];
    const extent: [number, number, number, number] = [n, outHeight * stride, outWidth * stride, channels];
    return everyNth(tf.slice(padded, [0, row, column, 0], extent), stride);
  });
}

/** Every `stride`-th row and column, the first included; both sides must be multiples of `stride`. */
function everyNth(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return x;
  const [n, height, width, channels] = x.shape;
  const [rows, columns] = [height / stride, width / stride];
  const picked = tf.slice(tf.reshape(x, [n * rows, stride, width * channels]), [0, 0, 0], [-1, 1, -1]);
  const apart = tf.reshape<tf.Rank.R3>(picked, [n * rows * columns, stride, channels]);
  return tf.reshape(tf.slice(apart, [0, 0, 0], [-1, 1, -1]), [n, rows, columns, channels]);
}

/** The opposite: `stride - 1` zero rows and columns between those of `x`. */
export function spread(x: tf.Tensor4D, stride: number): tf.Tensor4D {
  if (stride === 1) return x;
  const [n, height, width, channels] = x.shape;
  const apart = tf.pad(tf.reshape(x, [n * height * width, channels]), [
    [0, 0],
    [0, (stride - 1) * channels],
  ]);
  const rows = tf.pad(tf.reshape(apart, [n * height, width * stride * channels]), [
    [0, 0],
    [0, (stride - 1) * width * stride * channels],
  ]);
  const whole = tf.reshape<tf.Rank.R4>(rows, [n, height * stride, width * stride, channels]);
  return tf.slice(whole, [0, 0, 0, 0], [-1, (height - 1) * stride + 1, (width - 1) * stride + 1, -1]);
}
