import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

type Shape = [n: number, height: number, width: number, channels: number];
type Pad = 'same' | 'valid' | number;

/** Each slope added at the first largest number under its window, in reading order. */
function expected(x: Float32Array, shape: Shape, dy: Float32Array, [size, stride]: [number, number], pad: Pad) {
  const info = tf.backend_util.computePool2DInfo(shape, size, stride, 1, pad);
  const [, height, width, channels] = shape;
  const dx = new Float64Array(x.length);
  dy.forEach((slope, at) => {
    const channel = at % channels;
    const column = Math.floor(at / channels) % info.outWidth;
    const row = Math.floor(at / channels / info.outWidth) % info.outHeight;
    const item = Math.floor(at / channels / info.outWidth / info.outHeight);
    let best = -1;
    for (let tap = 0; tap < size * size; tap++) {
      const line = row * stride - info.padInfo.top + Math.floor(tap / size);
      const pixel = column * stride - info.padInfo.left + (tap % size);
      if (line < 0 || line >= height || pixel < 0 || pixel >= width) continue;
      const place = ((item * height + line) * width + pixel) * channels + channel;
      if (best < 0 || x[place]! > x[best]!) best = place;
    }
    dx[best]! += slope;
  });
  return dx;
}

function gradient(x: Float32Array, shape: Shape, dy: Float32Array, [size, stride]: [number, number], pad: Pad) {
  return valuesOf(() => {
    const [input, output] = [tf.tensor4d(x, shape), tf.maxPool(tf.tensor4d(x, shape), size, stride, pad)];
    const inputs = { dy: tf.tensor(dy, output.shape), input, output };
    return tf.engine().runKernel('MaxPoolGrad', inputs, { filterSize: size, strides: stride, pad });
  });
}

describeVariants('the gradient of max pooling', () => {
  it('a hundred random shapes, overlapping and padded, with equal numbers among them', () => {
    const pick = randomSizes(41);
    for (let seed = 0; seed < 100; seed++) {
      const [size, stride] = [pick(1, 4), pick(1, 3)];
      const shape: Shape = [pick(1, 3), size + pick(0, 5), size + pick(0, 5), pick(1, 9)];
      const pad = (['same', 'valid', pick(0, size - 1)] as const)[pick(0, 2)]!;
      const numbers = randomNumbers(seed);
      const x = numbers(tf.util.sizeFromShape(shape)).map((v) => Math.round(3 * v));
      const { outShape } = tf.backend_util.computePool2DInfo(shape, size, stride, 1, pad);
      const dy = numbers(tf.util.sizeFromShape(outShape));
      expectClose(gradient(x, shape, dy, [size, stride], pad), expected(x, shape, dy, [size, stride], pad), 2e-6);
    }
  });

  it('no images', () => {
    expect(gradient(new Float32Array(0), [0, 4, 4, 2], new Float32Array(0), [2, 2], 'valid')).toHaveLength(0);
  });

  it('infinities count, and a slope that is NaN stays in its place', () => {
    const x = Float32Array.of(1, Infinity, -Infinity, -Infinity);
    expect([...gradient(x, [1, 1, 4, 1], Float32Array.of(NaN), [1, 4], 'valid')]).toEqual([NaN, 0, 0, 0]);
    expect([...gradient(x, [2, 1, 2, 1], Float32Array.of(3, 4), [2, 2], 'same')]).toEqual([0, 3, 4, 0]);
  });
});
