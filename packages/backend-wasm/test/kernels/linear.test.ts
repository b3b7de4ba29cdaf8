import type { FusedActivation } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activations } from './activations.ts';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, packed, run, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

interface Case {
  readonly sizes: readonly [m: number, k: number, n: number];
  readonly activation?: FusedActivation;
  readonly withScale?: boolean;
  readonly withBias?: boolean;
  readonly withResidual?: boolean;
}

/** The kernel and the formula in double precision, on the same numbers. */
function expectProduct(
  { sizes: [m, k, n], activation, withScale = false, withBias = true, withResidual = true }: Case,
  seed: number,
): void {
  const numbers = randomNumbers(seed);
  const [x, weight, bias, residual] = [numbers(m * k), numbers(k * n), numbers(n), numbers(m * n)];
  const scale = numbers(n);
  const got = valuesOf(() =>
    run(
      'DiptychLinear',
      {
        x: tf.tensor2d(x, [m, k]),
        weight: tf.tensor2d(weight, [k, n]),
        scale: withScale ? tf.tensor1d(scale) : undefined,
        bias: withBias ? tf.tensor1d(bias) : undefined,
        residual: withResidual ? tf.tensor2d(residual, [m, n]) : undefined,
      },
      { activation },
    ),
  );
  const expected = Float64Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let p = 0; p < k; p++) sum += x[i * k + p]! * weight[p * n + j]!;
    sum = (withScale ? scale[j]! : 1) * sum + (withBias ? bias[j]! : 0);
    return (activation ? activations[activation](sum) : sum) + (withResidual ? residual[at]! : 0);
  });
  expectClose(got, expected, 2e-7 * (8 + k));
}

/** Its gradient needs no kernel. */
const zeroWithSlopesOfOne = (x: tf.Tensor): tf.Scalar =>
  tf.customGrad(() => ({ value: tf.scalar(0), gradFunc: () => tf.onesLike(x) }))(x);

describeVariants('linear', (runtime) => {
  it.each([
    [1, 1, 1],
    [1, 768, 512],
    [6, 8, 8],
    [7, 8, 9],
    [13, 1, 16],
    [50, 768, 24],
    [97, 5, 7],
    [200, 1600, 17],
    [0, 4, 8],
    [3, 4, 0],
    [3, 0, 5],
  ] as const)('[%i, %i] by %i columns', (...sizes) => expectProduct({ sizes }, 1));

  it.each(Object.keys(activations) as FusedActivation[])('%s inside the last store', (activation) =>
    expectProduct({ sizes: [9, 33, 13], activation }, 2),
  );

  it.each(Object.keys(activations) as FusedActivation[])('a scale of each output before %s', (activation) =>
    expectProduct({ sizes: [9, 33, 21], activation, withScale: true }, 2),
  );

  it('a hundred random shapes, with and without scale, bias and residual', () => {
    const pick = randomSizes(3);
    for (let seed = 0; seed < 100; seed++) {
      const sizes = [pick(1, 40), pick(1, 90), pick(1, 40)] as const;
      const [withScale, withBias, withResidual] = [pick(0, 1) === 1, pick(0, 1) === 1, pick(0, 1) === 1];
      expectProduct({ sizes, withScale, withBias, withResidual }, seed);
    }
  });

  it('a filter of one pixel is a weight as it is', () => {
    const numbers = randomNumbers(9);
    const [x, weight] = [numbers(12), numbers(20)];
    const product = (shape: number[]) =>
      valuesOf(() => run('DiptychLinear', { x: tf.tensor2d(x, [3, 4]), weight: tf.tensor(weight, shape) }, {}));
    expect(product([1, 1, 4, 5])).toEqual(product([4, 5]));
    expect(() => product([2, 1, 2, 5])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });

  it('inputs that do not fit are refused', () => {
    const [x, weight] = [tf.ones([2, 3]), tf.ones([3, 4])];
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => run('DiptychLinear', { x: weight, weight }, {})).toThrow(refused);
    expect(() => run('DiptychLinear', { x, weight, bias: tf.ones([3]) }, {})).toThrow(refused);
    expect(() => run('DiptychLinear', { x, weight, scale: tf.ones([1]) }, {})).toThrow(refused);
    expect(() => run('DiptychLinear', { x, weight, residual: tf.ones([1, 4]) }, {})).toThrow(refused);
  });

  it('the axes before the last are kept', () => {
    const y = tf.tidy(
      () => run('DiptychLinear', { x: tf.ones([2, 3, 4]), weight: tf.ones([4, 5]), bias: tf.zeros([5]) }, {}).shape,
    );
    expect(y).toEqual([2, 3, 5]);
  });

  it('a row gives the same bits whatever rows are with it', () => {
    const numbers = randomNumbers(4);
    const [x, weight] = [numbers(40 * 800), numbers(800 * 24)];
    const rowsOf = (m: number) =>
      valuesOf(() =>
        run(
          'DiptychLinear',
          { x: tf.tensor2d(x.slice(0, m * 800), [m, 800]), weight: tf.tensor2d(weight, [800, 24]) },
          {},
        ),
      );
    const all = rowsOf(40);
    for (const m of [1, 2, 5, 6, 7, 13]) expect(rowsOf(m)).toEqual(all.slice(0, m * 24));
  });

  it.each(['float32', 'int16', 'int8'] as const)('some columns in %s are the bits that all have there', (dtype) => {
    const [m, k, n] = [7, 1700, 45];
    const numbers = randomNumbers(6);
    const [x, weight, bias] = [numbers(m * k), numbers(k * n), numbers(n)];
    const product = (columns?: readonly [from: number, end: number]) =>
      valuesOf(() => {
        const inputs = { x: tf.tensor2d(x, [m, k]), weight: packed(tf.tensor2d(weight, [k, n]), dtype) };
        return run('DiptychLinear', { ...inputs, bias: tf.tensor1d(bias) }, { columns, activation: 'gelu' });
      });
    const all = product();
    for (const columns of [
      [0, 8],
      [8, 24],
      [16, 40],
      [0, 40],
      [40, 45],
      [24, 24],
    ] as const) {
      const part = Array.from({ length: m }, (_, i) => [...all.subarray(i * n + columns[0], i * n + columns[1])]);
      expect([...product(columns)]).toEqual(part.flat());
    }
  });

  it('NaN and infinity go through their own rows only', () => {
    const x = new Float32Array(3 * 9).fill(1);
    x[4] = NaN;
    x[9 + 2] = Infinity;
    const y = valuesOf(() => run('DiptychLinear', { x: tf.tensor2d(x, [3, 9]), weight: tf.ones([9, 11]) }, {}));
    expectClose(y, [...Array(11).fill(NaN), ...Array(11).fill(Infinity), ...Array(11).fill(9)]);
  });

  it('a packed weight stays with its numbers when variables exchange them', () => {
    tf.tidy(() => void tf.matMul(tf.ones([2, 3]), tf.ones([3, 4]))); // Scratch grows to what it needs.
    const before = [runtime().keptBytes, tf.memory().numTensors];
    const values = (factor: number) => Array.from({ length: 12 }, (_, i) => factor * (i - 5));
    const made = [1, 2].map((factor) => tf.tidy(() => tf.variable(tf.tensor2d(values(factor), [3, 4]))));
    const [a, b] = made as [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R2>];
    const exchange = () =>
      tf.tidy(() => {
        const value = tf.clone(a);
        a.assign(tf.clone(b));
        b.assign(value);
      });
    tf.tidy(() => {
      const x = tf.tensor2d([-2, -1, 0, 1, 2, 3], [2, 3]);
      const expected = made.map((weight) => [...tf.matMul(x, weight).dataSync()]);
      const products = () => made.map((weight) => [...run('DiptychLinear', { x, weight }, {}).dataSync()]);
      expect(products()).toEqual(expected);
      exchange();
      expect([...a.dataSync()]).toEqual(values(2));
      expect(products()).toEqual(expected.toReversed());
      tf.neg(b);
      exchange();
      expect(products()).toEqual(expected);
      expect([...b.dataSync()]).toEqual(values(2));
    });
    tf.dispose(made);
    expect([runtime().keptBytes, tf.memory().numTensors]).toEqual(before);
  });

  it.each(['float32', 'int16', 'int8'] as const)(
    '%s weights of one data and two shapes have their own products',
    (dtype) => {
      const values = Float32Array.from({ length: 12 }, (_, i) => i - 6);
      const kept = tf.tidy(() => packed(tf.tensor2d(values, [3, 4]), dtype));
      const plain = tf.tidy(() => tf.tensor2d(kept.dataSync(), [3, 4]));
      const other = tf.tidy(() => tf.reshape(kept, [4, 3]));
      for (const [weight, x] of [
        [kept, tf.ones([2, 3])],
        [other, tf.ones([2, 4])],
        [kept, tf.ones([2, 3])],
      ] as const) {
        const expected = valuesOf(() => tf.matMul(x, tf.reshape(plain, weight.shape)));
        expectClose(
          valuesOf(() => run('DiptychLinear', { x, weight }, {})),
          expected,
          dtype === 'int8' ? 0.1 : 1e-2,
        );
        x.dispose();
      }
      tf.dispose([kept, plain, other]);
    },
  );

  it('weights that share their data give the products of their numbers, whatever is done with them', () => {
    const pick = randomSizes(7);
    const numbers = randomNumbers(7);
    const before = tf.memory().numTensors;
    const x = tf.tensor2d(numbers(6), [2, 3]);
    const fresh = () => tf.tidy(() => tf.variable(tf.tensor2d(numbers(12), [3, 4])));
    const held = [fresh(), fresh(), fresh()].map((weight) => ({
      weight,
      values: weight.dataSync<'float32'>().slice(),
    }));
    const one = () => held[pick(0, held.length - 1)]!;
    const product = (values: Float32Array) => valuesOf(() => tf.matMul(x, tf.tensor2d(values, [3, 4])));
    const steps: readonly (() => void)[] = [
      () =>
        held.forEach(({ weight, values }) => {
          expect(valuesOf(() => run('DiptychLinear', { x, weight }, {}))).toEqual(product(values));
        }),
      () => (({ weight, values }) => expect(weight.dataSync()).toEqual(values))(one()),
      () => (({ weight, values }) => void held.push({ weight: tf.variable(weight), values }))(one()),
      () =>
        ((to, from) => {
          tf.tidy(() => to.weight.assign(tf.clone(from.weight)));
          to.values = from.values;
        })(one(), one()),
      () =>
        ((to) => {
          tf.tidy(() => to.weight.assign(tf.mul(to.weight, 0.5)));
          to.values = to.values.map((value) => value / 2);
        })(one()),
      () => void (held.length > 2 && held.shift()!.weight.dispose()),
      // While a gradient is recorded.
      () =>
        (({ weight, values }) => {
          const expected = product(values);
          tf.tidy(() => {
            const { value, grads } = tf.variableGrads(() => {
              expect(run('DiptychLinear', { x, weight }, {}).dataSync()).toEqual(expected);
              return zeroWithSlopesOfOne(weight);
            }, [weight]);
            expect(Object.values(grads).map((slope) => slope.dataSync())).toEqual([new Float32Array(12).fill(1)]);
            value.dispose();
          });
        })(one()),
    ];
    for (let i = 0; i < 400; i++) steps[pick(0, steps.length - 1)]!();
    tf.dispose([x, ...held.map(({ weight }) => weight)]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('the packed weight is kept while the weight lives, follows an assignment, and is freed with it', () => {
    const before = runtime().keptBytes;
    const ones = tf.ones<tf.Rank.R2>([64, 64]);
    const weight = tf.variable(ones);
    const x = tf.ones([1, 64]);
    const first = () => valuesOf(() => run('DiptychLinear', { x, weight }, {}))[0];
    expect([first(), first()]).toEqual([64, 64]);
    expect(runtime().keptBytes).toBe(before + 4 * 64 * 64);
    const twos = tf.mul<tf.Tensor2D>(ones, 2);
    weight.assign(twos);
    expect(first()).toBe(128);
    tf.dispose([ones, weight, twos, x]);
    expect(runtime().keptBytes).toBe(before);
  });
});
