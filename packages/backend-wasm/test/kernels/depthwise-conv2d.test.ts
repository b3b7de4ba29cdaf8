import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type Convolution, eachProduct, outShape, randomConvolution, sizesOf } from './convolution.ts';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, kernel, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

/** Both gradients against sums in double precision. */
function expectGradients(convolution: Convolution, seed: number): void {
  const { x: shape, filter: filterShape, ...attributes } = convolution;
  const dyShape = outShape(convolution, 'depthwise');
  const numbers = randomNumbers(seed);
  const [x, filter, dy] = [numbers(sizesOf(shape)), numbers(sizesOf(filterShape)), numbers(sizesOf(dyShape))];
  const [dFilter, dx] = [new Float64Array(filter.length), new Float64Array(x.length)];
  eachProduct(convolution, 'depthwise', (i, j, at) => {
    dFilter[j]! += x[i]! * dy[at]!;
    dx[i]! += filter[j]! * dy[at]!;
  });
  const slopes = () => tf.tensor(dy, [...dyShape]);
  const ofFilter = valuesOf(() => {
    const inputs = { x: tf.tensor(x, [...shape]), dy: slopes() };
    return kernel('DepthwiseConv2dNativeBackpropFilter', inputs, { ...attributes, filterShape });
  });
  expectClose(ofFilter, dFilter, 2e-7 * (8 + dy.length / sizesOf(filterShape.slice(2))));
  const ofInput = valuesOf(() => {
    const inputs = { dy: slopes(), filter: tf.tensor(filter, [...filterShape]) };
    return kernel('DepthwiseConv2dNativeBackpropInput', inputs, { ...attributes, inputShape: shape });
  });
  expectClose(ofInput, dx, 2e-7 * (8 + sizesOf(filterShape)));
}

const plain = { strides: [1, 1], dilations: [1, 1], pad: 'same' } satisfies Partial<Convolution>;

describeVariants('gradients of depthwise convolutions', () => {
  it('two hundred random shapes, strides, dilations and paddings', () => {
    const pick = randomSizes(31);
    for (let seed = 0; seed < 200; seed++) {
      const { filter, ...rest } = randomConvolution(pick);
      const [height, width, channels] = filter;
      expectGradients({ ...rest, filter: [height, width, channels, pick(1, 3)] }, seed);
    }
  });

  it.each<[string, Convolution]>([
    ['one pixel', { x: [1, 1, 1, 1], filter: [1, 1, 1, 1], ...plain }],
    ['no images', { x: [0, 5, 5, 2], filter: [3, 3, 2, 1], ...plain }],
    ['a filter larger than the image', { x: [2, 2, 2, 5], filter: [5, 5, 5, 1], ...plain }],
    ['many images', { x: [40, 14, 14, 6], filter: [3, 3, 6, 1], ...plain, strides: [2, 2] }],
  ])('%s', (_, convolution) => expectGradients(convolution, 1));

  it('NaN reaches only what its place meets', () => {
    const dy = new Float32Array(5 * 5).fill(1);
    dy[0] = NaN;
    const dx = valuesOf(() => {
      const inputs = { dy: tf.tensor4d(dy, [1, 5, 5, 1]), filter: tf.ones([3, 3, 1, 1]) };
      return kernel('DepthwiseConv2dNativeBackpropInput', inputs, { ...plain, inputShape: [1, 5, 5, 1] });
    });
    expect([...dx.keys()].filter((at) => Number.isNaN(dx[at]))).toEqual([0, 1, 5, 6]);
  });
});
