import type { FusedActivation } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type Convolution, eachProduct, outShape, randomConvolution, sizesOf } from './convolution.ts';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, kernel, run, valuesOf } from './run.ts';
import { activations } from './activations.ts';
import { describeVariants } from './variants.ts';

/** The convolution and both gradients against sums in double precision. */
function expectConvolution(convolution: Convolution, seed: number): void {
  const { x: shape, filter: filterShape, ...attributes } = convolution;
  const dyShape = outShape(convolution, 'depthwise');
  const numbers = randomNumbers(seed);
  const [x, filter, dy] = [numbers(sizesOf(shape)), numbers(sizesOf(filterShape)), numbers(sizesOf(dyShape))];
  const y = new Float64Array(dy.length);
  const [dFilter, dx] = [new Float64Array(filter.length), new Float64Array(x.length)];
  eachProduct(convolution, 'depthwise', (i, j, at) => {
    y[at]! += x[i]! * filter[j]!;
    dFilter[j]! += x[i]! * dy[at]!;
    dx[i]! += filter[j]! * dy[at]!;
  });
  const forward = valuesOf(() => {
    const inputs = { x: tf.tensor(x, [...shape]), filter: tf.tensor(filter, [...filterShape]) };
    return kernel('DepthwiseConv2dNative', inputs, attributes);
  });
  expectClose(forward, y, 2e-7 * (8 + sizesOf(filterShape.slice(0, 2))));
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

describeVariants('depthwise convolutions', () => {
  it('two hundred random shapes, strides, dilations and paddings', () => {
    const pick = randomSizes(31);
    for (let seed = 0; seed < 200; seed++) {
      const { filter, ...rest } = randomConvolution(pick);
      const [height, width, channels] = filter;
      expectConvolution({ ...rest, filter: [height, width, channels, pick(1, 3)] }, seed);
    }
  });

  it.each<[string, Convolution]>([
    ['one pixel', { x: [1, 1, 1, 1], filter: [1, 1, 1, 1], ...plain }],
    ['no images', { x: [0, 5, 5, 2], filter: [3, 3, 2, 1], ...plain }],
    ['a filter larger than the image', { x: [2, 2, 2, 5], filter: [5, 5, 5, 1], ...plain }],
    ['many images', { x: [40, 14, 14, 6], filter: [3, 3, 6, 1], ...plain, strides: [2, 2] }],
  ])('%s', (_, convolution) => expectConvolution(convolution, 1));

  it.each([1, 2, 3, 4, 5, 7, 8, 9, 12, 14])(
    'maps of %i places, whole tiles or not, with 21 and 40 channels',
    (width) => {
      for (const channels of [21, 40]) {
        for (const stride of [1, 2]) {
          const x = [2, 3 * stride, width * stride, channels] as const;
          expectConvolution({ x, filter: [7, 7, channels, 1], ...plain, strides: [stride, stride] }, width);
        }
      }
    },
  );

  it.each(Object.keys(activations) as FusedActivation[])('a bias and %s before the last store', (activation) => {
    const numbers = randomNumbers(4);
    const [x, filter, bias] = [numbers(6 * 5 * 18), numbers(9 * 36), numbers(36)];
    const attributes = { strides: 1, pad: 1 } as const;
    const sums = valuesOf(() => {
      const inputs = { x: tf.tensor4d(x, [1, 6, 5, 18]), filter: tf.tensor4d(filter, [3, 3, 18, 2]) };
      return kernel('DepthwiseConv2dNative', inputs, attributes);
    });
    const got = valuesOf(() => {
      const inputs = { x: tf.tensor4d(x, [1, 6, 5, 18]), filter: tf.tensor4d(filter, [3, 3, 18, 2]) };
      return run(
        'DiptychDepthwiseConv2d',
        { ...inputs, bias: tf.tensor1d(bias) },
        { stride: 1, padding: 1, activation },
      );
    });
    expectClose(
      got,
      Array.from(sums, (sum, i) => activations[activation](sum + bias[i % 36]!)),
      4e-6,
    );
  });

  it('the same image gives the same bits whatever images are with it', () => {
    const numbers = randomNumbers(3);
    const [x, filter] = [numbers(4 * 9 * 9 * 20), numbers(9 * 20)];
    const first = (n: number) =>
      valuesOf(() => {
        const images = tf.tensor4d(x.slice(0, n * 9 * 9 * 20), [n, 9, 9, 20]);
        return tf.depthwiseConv2d(images, tf.tensor4d(filter, [3, 3, 20, 1]), 1, 'same');
      }).slice(0, 9 * 9 * 20);
    expect(first(1)).toEqual(first(4));
  });

  it('no dilations, as tfjs-layers says it, are 1', () => {
    const numbers = randomNumbers(5);
    const [x, filter] = [numbers(6 * 5 * 3), numbers(9 * 3)];
    const filtered = (dilations: [number, number] | null) =>
      valuesOf(() => {
        const inputs = { x: tf.tensor4d(x, [1, 6, 5, 3]), filter: tf.tensor4d(filter, [3, 3, 3, 1]) };
        return kernel('DepthwiseConv2dNative', inputs, { strides: [1, 1], pad: 'same', dilations });
      });
    expect(filtered(null)).toEqual(filtered([1, 1]));
  });

  it('a filter or a bias for other channels is refused', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const x = tf.ones([1, 3, 3, 2]);
    const attributes = { stride: 1, padding: 0 };
    expect(() => run('DiptychDepthwiseConv2d', { x, filter: tf.ones([3, 3, 4, 1]) }, attributes)).toThrow(refused);
    const filter = tf.ones([3, 3, 2, 1]);
    expect(() => run('DiptychDepthwiseConv2d', { x, filter, bias: tf.ones([1]) }, attributes)).toThrow(refused);
  });

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
