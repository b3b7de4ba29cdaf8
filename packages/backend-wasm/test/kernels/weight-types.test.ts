import type { WeightType } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { formats } from '../../src/kernels/product.ts';
import { activations } from './activations.ts';
import { multipliesEightBits } from './eight-bits.ts';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, packed, run, store, tensorOf, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

/** The product with weights and activations rounded as the kernels say, in double precision. */
function rounded(
  x: Float32Array,
  weight: Float32Array,
  [m, k, n]: readonly number[],
  [kind, range]: readonly ['int16' | 'int8', number],
) {
  const weights = kind === 'int16' ? 1672 : 127;
  const code = (value: number, step: number) => (step > 0 ? Math.round(Math.fround(value / step)) * step : 0);
  const values = (size: number, at: (i: number) => number) => Array.from({ length: size }, (_, i) => at(i));
  const largest = values(k!, (p) => values(n!, (j) => Math.abs(weight[p * n! + j]!)).reduce(highest, 0));
  const most = largest.reduce(highest, 0);
  const factors = largest.map((size) => (size > 0 ? 2 ** Math.floor(Math.log2(size / most) / 2 + 0.5) : 1));
  const scaled = weight.map((value, at) => value / factors[Math.floor(at / n!)]!);
  const columns = values(n!, (j) => values(k!, (p) => Math.abs(scaled[p * n! + j]!)).reduce(highest, 0) / weights);
  return Float64Array.from({ length: m! * n! }, (_, at) => {
    const [i, j] = [Math.floor(at / n!), at % n!];
    const row = values(k!, (p) => x[i * k! + p]! * factors[p]!);
    const [high, low] = [row.reduce(highest, 0), -row.map((value) => -value).reduce(highest, 0)];
    const step = (kind === 'int16' ? Math.max(high, -low) : high - low) / range;
    return row.reduce((sum, value, p) => sum + code(value, step) * code(scaled[p * n! + j]!, columns[j]!), 0);
  });
}

const highest = (a: number, b: number) => Math.max(a, b);

type Sizes = readonly [m: number, k: number, n: number];

function product(x: Float32Array, weight: Float32Array, [m, k, n]: Sizes, dtype: WeightType): Float32Array {
  return valuesOf(() =>
    run('DiptychLinear', { x: tf.tensor2d(x, [m, k]), weight: packed(tf.tensor2d(weight, [k, n]), dtype) }, {}),
  );
}

const builds: Float32Array[] = [];

describeVariants('types of weights', (runtime, variant) => {
  const ranges = { int16: 1672, int8: variant === 'simd' || multipliesEightBits() ? 255 : 127 };

  it.each(['int16', 'int8'] as const)('%s has as many codes for activations as the machine multiplies', (kind) => {
    expect(runtime().kernels.activationRange(formats[kind])).toBe(ranges[kind]);
  });

  it.each(['int16', 'int8'] as const)('%s is the rounded product, whatever the shape', (kind) => {
    const pick = randomSizes(1);
    const shapes = Array.from({ length: 60 }, () => [pick(1, 30), pick(1, 90), pick(1, 30)] as const);
    for (const [seed, sizes] of [...shapes, [2, 1700, 9], [3, 3500, 8], [200, 5, 3], [0, 4, 4]].entries()) {
      const [m, k, n] = sizes as [number, number, number];
      const numbers = randomNumbers(seed);
      const [x, weight] = [numbers(m * k), numbers(k * n)];
      // One code may round the other way in float32 than in double precision.
      const range = ranges[kind];
      const step = (kind === 'int16' ? 1 : 2) / range;
      expectClose(
        product(x, weight, [m, k, n], kind),
        rounded(x, weight, [m, k, n], [kind, range]),
        1e-6 * k + 1.01 * step,
      );
    }
  });

  it.each(['int16', 'int8'] as const)('%s never overflows', (kind) => {
    const [m, k, n] = [1, 6200, 8];
    const ones = (size: number) => new Float32Array(size).fill(1);
    expectClose(product(ones(m * k), ones(k * n), [m, k, n], kind), new Float32Array(n).fill(k), 0, 1e-6);
    const minus = ones(m * k).fill(-1);
    expectClose(product(minus, ones(k * n), [m, k, n], kind), new Float32Array(n).fill(-k), 0, 1e-6);
  });

  it.each(['int16', 'int8'] as const)('%s with rows and columns of zeros, NaN and infinity', (kind) => {
    const x = Float32Array.of(0, 0, 0, 1, NaN, 1, 1, Infinity, 1, 2, 2, 2);
    const weight = Float32Array.of(0, 1, 0, 1, 0, 1);
    expectClose(product(x, weight, [4, 3, 2], kind), [0, 0, NaN, NaN, NaN, NaN, 0, 6], 0, 1e-6);
  });

  it.each([
    ['int16', 1],
    ['int16', 0.02],
    ['int8', 1],
    ['int8', 0.02],
  ] as const)('%s keeps the other digits beside outliers, whose weights are %f times as large', (kind, size) => {
    const [m, k, n] = [7, 256, 40];
    const numbers = randomNumbers(5);
    const [x, weight] = [numbers(m * k), numbers(k * n)];
    for (const channel of [3, 100, 255]) {
      for (let i = 0; i < m; i++) x[i * k + channel]! *= 50;
      for (let j = 0; j < n; j++) weight[channel * n + j]! *= size;
    }
    const exact = Float64Array.from({ length: m * n }, (_, at) => {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += x[Math.floor(at / n) * k + p]! * weight[p * n + (at % n)]!;
      return sum;
    });
    const got = product(x, weight, [m, k, n], kind);
    const power = exact.reduce((sum, value) => sum + value ** 2, 0);
    const error = got.reduce((sum, value, at) => sum + (value - exact[at]!) ** 2, 0);
    expect(Math.sqrt(error / power)).toBeLessThan(kind === 'int16' ? 1.5e-3 : 1.5e-2);
  });

  it.each(['int16', 'int8'] as const)('%s stays near the product however its numbers are spread', (kind) => {
    const spreads = [
      (v: number) => (Math.abs(v) < 0.05 ? v : 0),
      (v: number) => v ** 9,
      (v: number) => Math.abs(v) ** 9,
    ];
    const pick = randomSizes(8);
    for (const [seed, spread] of Array.from({ length: 60 }, (_, i) => [i, spreads[i % 3]!] as const)) {
      const [m, k, n] = [pick(1, 9), pick(8, 200), 24];
      const numbers = randomNumbers(seed + 1);
      const [x, weight] = [numbers(m * k).map(spread), numbers(k * n)];
      const exact = Float64Array.from({ length: m * n }, (_, at) => {
        let sum = 0;
        for (let p = 0; p < k; p++) sum += x[Math.floor(at / n) * k + p]! * weight[p * n + (at % n)]!;
        return sum;
      });
      const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expectClose(product(x, weight, [m, k, n], kind), exact, (kind === 'int16' ? 0.005 : 0.05) * largest);
    }
  });

  it('int16 gives the same bits in every build', () => {
    const sizes = [13, 900, 40] as const;
    const numbers = randomNumbers(9);
    const x = numbers(13 * 900).map((value, i) => (i % 97 === 0 ? 60 * value : value));
    builds.push(product(x, numbers(900 * 40), sizes, 'int16'));
    expect(builds.at(-1)).toEqual(builds[0]);
  });

  it.each([
    ['int16', 40],
    ['int16', 1700],
    ['int8', 40],
    ['int8', 3500],
  ] as const)('%s with %i inputs: bias, activation and residual come after the sums', (dtype, k) => {
    const [m, n] = [11, 29];
    const numbers = randomNumbers(k);
    const [x, weight, bias, residual] = [numbers(m * k), numbers(k * n), numbers(n), numbers(m * n)];
    const sums = product(x, weight, [m, k, n], dtype);
    for (const activation of [undefined, 'quick_gelu', 'relu'] as const) {
      const act = activation ? activations[activation] : (value: number) => value;
      const got = valuesOf(() =>
        run(
          'DiptychLinear',
          {
            x: tf.tensor2d(x, [m, k]),
            weight: packed(tf.tensor2d(weight, [k, n]), dtype),
            bias: tf.tensor1d(bias),
            residual: tf.tensor2d(residual, [m, n]),
          },
          { activation },
        ),
      );
      const expected = Float64Array.from(sums, (sum, at) => act(sum + bias[at % n]!) + residual[at]!);
      expectClose(got, expected, 1e-6, 1e-6);
    }
  });

  it.each(['int16', 'int8'] as const)('%s gives a row the same bits whatever rows are with it', (dtype) => {
    const [k, n] = [1700, 24];
    const numbers = randomNumbers(4);
    const [x, weight] = [numbers(40 * k), numbers(k * n)];
    const all = product(x, weight, [40, k, n], dtype);
    for (const m of [1, 2, 3, 4, 5, 6, 7, 13]) {
      expect(product(x.slice(0, m * k), weight, [m, k, n], dtype)).toEqual(all.slice(0, m * n));
    }
  });

  it('a weight is kept in one form: packed for products, plain for whoever else reads it', () => {
    const sizes = (['float32', 'int16', 'int8'] as const satisfies readonly WeightType[]).map((dtype) => {
      const before = { kept: runtime().keptBytes, tensors: tf.memory().numTensors };
      const weight = tf.tidy(() => packed(tf.ones([64, 64]), dtype));
      const kept = runtime().keptBytes - before.kept;
      const x = tf.ones([1, 64]);
      const first = () => valuesOf(() => run('DiptychLinear', { x, weight }, {}));
      for (let i = 0; i < 3; i++) {
        expectClose(first(), new Float32Array(64).fill(64), 0, 1e-6);
        expect(runtime().keptBytes - before.kept).toBe(kept);
        expectClose(weight.dataSync(), new Float32Array(64 * 64).fill(1), 1e-6);
        expect(runtime().keptBytes - before.kept).toBe(dtype === 'float32' ? 0 : kept);
      }
      const sum = valuesOf(() => tf.add(tf.reshape(weight, [32, 128]), 1));
      expectClose(sum, new Float32Array(64 * 64).fill(2), 1e-6);
      tf.dispose([weight, x]);
      expect({ kept: runtime().keptBytes, tensors: tf.memory().numTensors }).toEqual(before);
      return kept;
    });
    expect(sizes).toEqual([64 * 64 * 4, 64 * 64 * 2 + 64 * 12, 64 * 64 + 64 * 12]);
  });

  it.each(['float32', 'int16', 'int8'] as const)('%s from either layout, and through its bytes', (dtype) => {
    const pick = randomSizes(6);
    for (const [k, n] of [[1, 1], [3200, 9], [7, 0], ...Array.from({ length: 20 }, () => [pick(1, 90), pick(1, 40)])]) {
      const shape = [k!, n!] as const;
      const weight = randomNumbers(k! * n!)(k! * n!);
      const one = valuesOf(() => packed(tf.tensor2d(weight, [...shape]), dtype));
      const turned = valuesOf(() => {
        const stored = tf.transpose(tf.tensor2d(weight, [...shape]));
        return tensorOf(store().pack(stored, { shape, dtype, asIs: false }));
      });
      expect(turned).toEqual(one);
      expectClose(one, weight, { float32: 0, int16: 0.004, int8: 0.04 }[dtype]);
      const again = valuesOf(() => {
        const values = store()
          .bytesOf(packed(tf.tensor2d(weight, [...shape]), dtype))
          .slice();
        const read = tensorOf(store().unwritten({ shape, dtype }, values.length));
        const half = values.length >> 1;
        for (const begin of [half, 0])
          store()
            .bytesOf(read)
            .set(values.subarray(begin, begin === 0 ? half : undefined), begin);
        return read;
      });
      expect(again).toEqual(one);
    }
    const refused = expect.objectContaining({ code: 'CHECKPOINT_INVALID' });
    expect(() => store().unwritten({ shape: [3, 4], dtype }, 5)).toThrow(refused);
  });
});
