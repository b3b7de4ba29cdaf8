import type { FusedActivation, WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { type Convolution, eachProduct, outShape, randomConvolution, sizesOf } from './convolution.ts';
import { randomNumbers, randomSizes } from './random.ts';
import { formats } from '../../src/kernels/product.ts';
import { expectClose, kernel, packed, run, valuesOf } from './run.ts';
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

/** What the filter meets at each place, one row each, by the formula. */
function patchesOf(convolution: Convolution, x: Float32Array): Float32Array {
  const { filter } = convolution;
  const length = sizesOf(filter.slice(0, 3));
  const rows = new Float32Array((sizesOf(outShape(convolution, 'dense')) / filter[3]) * length);
  eachProduct(convolution, 'dense', (i, j, at) => {
    rows[Math.floor(at / filter[3]) * length + Math.floor(j / filter[3])] = x[i]!;
  });
  return rows;
}

/** A convolution whose filter is kept in `dtype`. */
function convolved(
  { x: shape, filter, ...attributes }: Convolution,
  x: Float32Array,
  weight: Float32Array,
  dtype: WeightType,
) {
  return valuesOf(() => {
    const kept = packed(tf.tensor4d(weight, [...filter]), dtype);
    return kernel('Conv2D', { x: tf.tensor4d(x, [...shape]), filter: kept }, attributes);
  });
}

/** Filters that meet pixels several times, of as many channels as are read in place. */
const inPlace: readonly Convolution[] = [
  { x: [2, 7, 5, 16], filter: [3, 3, 16, 13], strides: [1, 1], dilations: [1, 1], pad: 'same' },
  { x: [1, 9, 8, 32], filter: [3, 3, 32, 8], strides: [2, 2], dilations: [1, 1], pad: 1 },
  { x: [3, 8, 9, 16], filter: [2, 3, 16, 21], strides: [1, 2], dilations: [2, 1], pad: 'same' },
  { x: [1, 6, 6, 48], filter: [5, 5, 48, 9], strides: [1, 1], dilations: [1, 1], pad: 4 },
  { x: [1, 4, 3, 640], filter: [3, 3, 640, 3], strides: [1, 1], dilations: [1, 1], pad: 'same' },
];

describeVariants('convolution', (runtime) => {
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

  it.each([...inPlace, { ...inPlace[0]!, filter: [1, 1, 16, 5], strides: [2, 2] } satisfies Convolution])(
    'images read in place, $x by $filter: the bits of a product of patches',
    (convolution) => {
      const numbers = randomNumbers(5);
      const [x, filter] = [numbers(sizesOf(convolution.x)), numbers(sizesOf(convolution.filter))];
      const [k, n] = [sizesOf(convolution.filter.slice(0, 3)), convolution.filter[3]];
      const expected = valuesOf(() => {
        const rows = tf.tensor2d(patchesOf(convolution, x), [sizesOf(outShape(convolution, 'dense')) / n, k]);
        return run('DiptychLinear', { x: rows, weight: tf.tensor2d(filter, [k, n]) }, {});
      });
      expect(convolved(convolution, x, filter, 'float32')).toEqual(expected);
    },
  );

  it.each(inPlace.flatMap((one) => [['int16', one] as const, ['int8', one] as const]))(
    'in %s each pixel is rounded once, %j',
    (dtype, convolution) => {
      const numbers = randomNumbers(6);
      const [, , channels, n] = convolution.filter;
      const x = numbers(sizesOf(convolution.x)).map((value) => value + 0.3);
      const filter = numbers(sizesOf(convolution.filter)).map(
        (value, i) => value * (1 + ((Math.floor(i / n) % channels) % 5)),
      );
      const rounded = valuesOf(() => tf.add(packed(tf.tensor4d(filter, [...convolution.filter]), dtype), 0));
      const largest = Array.from({ length: channels }, (_, c) =>
        filter.reduce(
          (most, value, i) => (Math.floor(i / n) % channels === c ? Math.max(most, Math.abs(value)) : most),
          0,
        ),
      );
      const highest = Math.max(...largest);
      const factors = largest.map((size) => 2 ** Math.floor(Math.log2(size / highest) / 2 + 0.5));
      const scaled = Float64Array.from(x, (value, i) => value * factors[i % channels]!);
      const each = sizesOf(convolution.x.slice(1));
      const range = runtime().kernels.activationRange(formats[dtype]);
      const steps = Array.from({ length: convolution.x[0] }, (_, i) => {
        const image = scaled.subarray(i * each, (i + 1) * each);
        const [high, low] = [Math.max(0, ...image), Math.min(0, ...image)];
        return (dtype === 'int16' ? Math.max(high, -low) : high - low) / range;
      });
      const codes = scaled.map((value, i) => {
        const step = steps[Math.floor(i / each)]!;
        return (Math.round(value / step) * step) / factors[i % channels]!;
      });
      const y = new Float64Array(sizesOf(outShape(convolution, 'dense')));
      eachProduct(convolution, 'dense', (i, j, at) => (y[at]! += codes[i]! * rounded[j]!));
      // One code may round the other way in float32.
      expectClose(convolved(convolution, x, filter, dtype), y, 5 * ((1e-6 * rounded.length) / n + 2.02 / range));
    },
  );

  it.each(['int16', 'int8'] as const)('in %s an image has the same bits beside others, outlying or not', (dtype) => {
    const convolution = { ...inPlace[0]!, x: [5, 7, 5, 16] } satisfies Convolution;
    const numbers = randomNumbers(7);
    const [x, filter] = [numbers(sizesOf(convolution.x)), numbers(sizesOf(convolution.filter))];
    const each = sizesOf(convolution.x) / 5;
    x[each + 200] = NaN;
    x[2 * each + 300] = Infinity;
    x[4 * each + 100] = 1e4;
    const all = convolved(convolution, x, filter, dtype);
    const one = (i: number) =>
      convolved({ ...convolution, x: [1, 7, 5, 16] }, x.slice(i * each, (i + 1) * each), filter, dtype);
    expect([0, 1, 2, 3, 4].flatMap((i) => [...one(i)])).toEqual([...all]);
    const patches = valuesOf(() => {
      const rows = tf.tensor2d(patchesOf(convolution, x), [5 * 35, 144]);
      const weight = packed(tf.tensor4d(filter, [...convolution.filter]), dtype);
      return run('DiptychLinear', { x: rows, weight: tf.reshape(weight, [144, 13]) }, {});
    });
    for (const i of [1, 2, 4]) {
      const part = [i * 35 * 13, (i + 1) * 35 * 13] as const;
      expectClose(all.subarray(...part), patches.subarray(...part), (0.05 * 1e4) / (i === 4 ? 1 : 1e4));
    }
    // Nine places meet the number.
    expect(all.filter(Number.isNaN)).toHaveLength(2 * 9 * 13);
  });

  it('images of zeros are zeros in integers', () => {
    for (const dtype of ['int16', 'int8'] as const) {
      const filter = randomNumbers(8)(sizesOf(inPlace[0]!.filter));
      const zeros = new Float32Array(sizesOf(inPlace[0]!.x));
      expectClose(convolved(inPlace[0]!, zeros, filter, dtype), new Float32Array(2 * 35 * 13), 0);
    }
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
