import * as tf from '@tensorflow/tfjs-core';
import type { randomSizes } from './random.ts';

type Pick = ReturnType<typeof randomSizes>;
type Pad = Parameters<typeof tf.conv2d>[3];

/** A convolution as tfjs's kernels are told of it. */
export interface Convolution {
  readonly x: readonly [n: number, height: number, width: number, channels: number];
  readonly filter: readonly [height: number, width: number, channels: number, outputs: number];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: Pad;
}

export type Kind = 'dense' | 'depthwise';

export function sizesOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

export function outShape(convolution: Convolution, kind: Kind): readonly [number, number, number, number] {
  const { x, filter, strides, dilations, pad } = convolution;
  const shapes = [[...x], [...filter]] as [[number, number, number, number], [number, number, number, number]];
  const format = kind === 'depthwise';
  return tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, 'floor', format).outShape;
}

/** Calls `visit` with the places of the three numbers of each product that a convolution sums: image, filter, result. */
export function eachProduct(
  convolution: Convolution,
  kind: Kind,
  visit: (x: number, filter: number, y: number) => void,
): void {
  const { x, filter, strides, dilations, pad } = convolution;
  const shapes = [[...x], [...filter]] as [[number, number, number, number], [number, number, number, number]];
  const info = tf.backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, 'floor', kind === 'depthwise');
  const [, height, width, channels] = x;
  const [sizeY, sizeX, , last] = filter;
  for (let y = 0; y < sizesOf(info.outShape); y++) {
    const output = y % info.outChannels;
    const column = Math.floor(y / info.outChannels) % info.outWidth;
    const row = Math.floor(y / info.outChannels / info.outWidth) % info.outHeight;
    const item = Math.floor(y / info.outChannels / info.outWidth / info.outHeight);
    for (let at = 0; at < sizeY * sizeX; at++) {
      const line = row * strides[0] - info.padInfo.top + Math.floor(at / sizeX) * dilations[0];
      const pixel = column * strides[1] - info.padInfo.left + (at % sizeX) * dilations[1];
      if (line < 0 || line >= height || pixel < 0 || pixel >= width) continue;
      const met = ((item * height + line) * width + pixel) * channels;
      if (kind === 'depthwise') visit(met + Math.floor(output / last), at * channels * last + output, y);
      else for (let c = 0; c < channels; c++) visit(met + c, (at * channels + c) * last + output, y);
    }
  }
}

/** One that fits, with anything from one pixel to more padding than image. */
export function randomConvolution(pick: Pick): Convolution {
  const filter = [pick(1, 4), pick(1, 4), pick(1, 9), pick(1, 10)] as const;
  const dilations: [number, number] = [pick(1, 2), pick(1, 2)];
  const reach = filter.slice(0, 2).map((size, i) => (size - 1) * dilations[i]! + 1);
  const x = [pick(1, 3), reach[0]! + pick(0, 6), reach[1]! + pick(0, 6), filter[2]] as const;
  const side = (): [number, number] => [pick(0, 3), pick(0, 3)];
  // A number of pixels is for square filters: tfjs takes the height for the width.
  const pads: readonly Pad[] = ['same', 'valid', [[0, 0], side(), side(), [0, 0]]];
  return { x, filter, strides: [pick(1, 3), pick(1, 3)], dilations, pad: pads[pick(0, 2)]! };
}
