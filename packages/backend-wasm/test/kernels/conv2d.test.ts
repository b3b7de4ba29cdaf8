import type { FusedActivation } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type Convolution, eachProduct, outShape, randomConvolution, sizesOf } from './convolution.ts';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, kernel, run, valuesOf } from './run.ts';
import { activations } from './activations.ts';
import { describeVariants } from './variants.ts';

/** The convolution and both gradients, against sums in double precision. */
function expectConvolution(convolution: Convolution, seed: number): void {
  const { x: shape, filter: filterShape, ...attributes } = convolution;
  const shapes = [shape, filterShape, outShape(convolution, 'dense')];
  const [x, filter, dy] = shapes.map((one) => randomNumbers(seed)(sizesOf(one))) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [y, dFilter, dx] = [new Float64Array(dy.length), new Float64Array(filter.length), new Float64Array(x.length)];
  eachProduct(convolution, 'dense', (i, j, at) => {
    y[at]! += x[i]! * filter[j]!;
    dFilter[j]! += x[i]! * dy[at]!;
    dx[i]! += filter[j]! * dy[at]!;
  });
  const inputs = { x: [x, shape], filter: [filter, filterShape], dy: [dy, shapes[2]!] } as const;
  const runOn = (name: string, of: readonly (keyof typeof inputs)[], attrs: object) =>
    valuesOf(() => {
      const tensors = Object.fromEntries(of.map((one) => [one, tf.tensor(inputs[one][0], [...inputs[one][1]])]));
      return kernel(name, tensors, { ...attributes, ...attrs });
    });
  const terms = (numbers: number) => 2e-7 * (8 + numbers);
  expectClose(runOn('Conv2D', ['x', 'filter'], {}), y, terms(sizesOf(filterShape.slice(0, 3))));
  const sums = terms(sizesOf(shapes[2]!) / filterShape[3]);
  expectClose(runOn('Conv2DBackpropFilter', ['x', 'dy'], { filterShape }), dFilter, sums);
  const inputShape = shape;
  expectClose(
    runOn('Conv2DBackpropInput', ['dy', 'filter'], { inputShape }),
    dx,
    terms(sizesOf(filterShape) / shape[3]),
  );
}

const plain = { strides: [1, 1], dilations: [1, 1], pad: 'valid' } satisfies Partial<Convolution>;

describeVariants('convolution', () => {
  it('two hundred random shapes, strides, dilations and paddings', () => {
    const pick = randomSizes(21);
    for (let seed = 0; seed < 200; seed++) expectConvolution(randomConvolution(pick), seed);
  });

  it.each<[string, Convolution]>([
    ['one pixel', { x: [1, 1, 1, 1], filter: [1, 1, 1, 1], ...plain }],
    ['a filter of one pixel', { x: [2, 5, 3, 7], filter: [1, 1, 7, 9], ...plain }],
    ['a filter as large as the image', { x: [3, 4, 5, 2], filter: [4, 5, 2, 3], ...plain }],
    ['no images', { x: [0, 5, 5, 2], filter: [3, 3, 2, 4], ...plain }],
    ['several blocks', { x: [3, 40, 20, 3], filter: [3, 3, 3, 5], ...plain, pad: 'same' }],
    ['a long filter', { x: [1, 9, 9, 200], filter: [5, 5, 200, 9], ...plain, strides: [2, 2], pad: 2 }],
  ])('%s', (_, convolution) => expectConvolution(convolution, 1));

  it.each(Object.keys(activations) as FusedActivation[])(
    'scale, bias, %s and residual in the last store',
    (activation) => {
      const numbers = randomNumbers(4);
      const [x, filter, scale, bias] = [numbers(40 * 30 * 3), numbers(27 * 21), numbers(21), numbers(21)];
      const residual = numbers(20 * 15 * 21);
      const given = () => ({ x: tf.tensor4d(x, [1, 40, 30, 3]), filter: tf.tensor4d(filter, [3, 3, 3, 21]) });
      const sums = valuesOf(() => kernel('Conv2D', given(), { strides: 2, pad: 1 }));
      const got = valuesOf(() => {
        const ends = {
          scale: tf.tensor1d(scale),
          bias: tf.tensor1d(bias),
          residual: tf.tensor4d(residual, [1, 20, 15, 21]),
        };
        return run('DiptychConv2d', { ...given(), ...ends }, { stride: 2, padding: 1, activation });
      });
      const value = (sum: number, i: number) =>
        activations[activation](scale[i % 21]! * sum + bias[i % 21]!) + residual[i]!;
      expectClose(got, Array.from(sums, value), 1e-5);
    },
  );

  it('NaN and infinity reach the places whose filter meets them', () => {
    const x = new Float32Array(5 * 5).fill(1);
    x[12] = NaN;
    x[0] = Infinity;
    const y = valuesOf(() => tf.conv2d(tf.tensor4d(x, [1, 5, 5, 1]), tf.ones([2, 2, 1, 1]), 1, 'valid'));
    const one = [4, 4, 4, 4];
    expectClose(y, [Infinity, ...one.slice(1), 4, NaN, NaN, 4, 4, NaN, NaN, 4, ...one]);
  });

  it('channels first are refused, and a gradient that does not fit', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const [x, filter] = [tf.ones([1, 3, 3, 2]), tf.ones([2, 2, 2, 1])];
    const attributes = { strides: 1, pad: 'valid' };
    expect(() => kernel('Conv2D', { x, filter }, { ...attributes, dataFormat: 'NCHW' })).toThrow(refused);
    const dy = tf.ones([1, 3, 3, 1]);
    const gradients = { ...attributes, filterShape: filter.shape, inputShape: x.shape };
    expect(() => kernel('Conv2DBackpropFilter', { x, dy }, gradients)).toThrow(refused);
    expect(() => kernel('Conv2DBackpropInput', { dy, filter }, gradients)).toThrow(refused);
    tf.dispose([x, filter, dy]);
  });

  it('the same filter gives the same bits whatever images are with it', () => {
    const numbers = randomNumbers(3);
    const [x, filter] = [numbers(4 * 9 * 9 * 16), numbers(9 * 16 * 8)];
    const first = (n: number) =>
      valuesOf(() => {
        const images = tf.tensor4d(x.slice(0, n * 9 * 9 * 16), [n, 9, 9, 16]);
        return tf.conv2d(images, tf.tensor4d(filter, [3, 3, 16, 8]), 1, 'same');
      }).slice(0, 9 * 9 * 8);
    expect(first(1)).toEqual(first(4));
  });
});
