import { describeGolden, goldenJson } from '@diptych/golden';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, it } from 'vitest';
import { deepCca, type DeepCcaOptions, totalCorrelation } from '../../src/index.ts';
import type { Matrix } from '../../src/linear-algebra/matrix.ts';
import { rows } from '../rows.ts';

type Numbers = readonly (readonly number[])[];
interface Oracle extends Record<'H1' | 'H2', Numbers> {
  readonly cases: readonly {
    readonly r1: number;
    readonly r2: number;
    readonly top_k: number | null;
    readonly loss: number;
    readonly singular_values: readonly number[];
    readonly grad_H1: Numbers;
    readonly grad_H2: Numbers;
  }[];
}

const oracle = () => goldenJson<Oracle>('oracles/dcca.json');
const optionsOf = ({ r1, r2, top_k: k }: Oracle['cases'][number]): DeepCcaOptions => ({
  ridge: [r1, r2],
  ...(k && { components: k }),
});

beforeAll(enableAutodiff);

describeGolden('deep CCA', () => {
  it.each([0, 1, 2, 3])('has the loss and gradients of case %i', async (i) => {
    const { H1, H2, cases } = await oracle();
    const expected = cases[i]!;
    const { loss, values, gradientA, gradientB } = totalCorrelation(rows(H1), rows(H2), optionsOf(expected));
    expectClose([loss], [expected.loss], 1e-12);
    expectClose(values, expected.singular_values.slice(0, values.length), 1e-12);
    expectClose(gradientA.data, expected.grad_H1.flat(), 1e-12);
    expectClose(gradientB.data, expected.grad_H2.flat(), 1e-12);
  });

  describeBackends('as an operation', () => {
    it.each([0, 1, 2, 3])('has the loss and gradients of case %i', async (i) => {
      const { H1, H2, cases } = await oracle();
      const expected = cases[i]!;
      await expectNoLeak(() => {
        tf.tidy(() => {
          const loss = (a: tf.Tensor, b: tf.Tensor) =>
            tf.mul<tf.Scalar>(deepCca(a as tf.Tensor2D, b as tf.Tensor2D, optionsOf(expected)), 2);
          const inputs = [tf.tensor2d(H1.flat(), [14, 4]), tf.tensor2d(H2.flat(), [14, 3])];
          const { value, grads } = tf.valueAndGrads(loss)(inputs);
          expectClose(value.dataSync(), [2 * expected.loss], 1e-6);
          expectClose(
            grads[0]!.dataSync(),
            expected.grad_H1.flat().map((g) => 2 * g),
            1e-6,
          );
          expectClose(
            grads[1]!.dataSync(),
            expected.grad_H2.flat().map((g) => 2 * g),
            1e-6,
          );
        });
      });
    });
  });
});

/** Minus the sum of the singular values of the whitened cross-covariance, by torch 2.13 in double precision, and its gradients. */
const fewRows = {
  loss: -2.416989558635611,
  values: [0.9141757042846935, 0.8959789966667697, 0.6068348576841479],
  // Of the first two rows.
  gradientA: [
    [
      0.035161349959182006, 0.028895638169720635, 0.030744926617518854, 0.015727586699516474, 0.017576875147313466,
      0.002559535229312143, -0.00341293720856531,
    ],
    [
      0.05172389566272888, -0.004984584696025911, -0.03739373234468229, -0.012626509090948111, -0.04503565673960396,
      -0.0202684334858704, 0.02576294937441563,
    ],
  ],
  gradientB: [
    [0.2125556051973386, 0.12464133229034545, -0.05429943422918987],
    [0.36566028709597637, 0.3522957379417621, 0.40381972694380575],
    [0.06292192909166491, 0.1538184311701326, 0.04054194176611295],
    [-0.7840984418583631, -0.6173056494035962, -0.549602015009771],
    [0.14296062047338323, -0.013449851998644003, 0.15953978052904216],
  ],
};

describe('deep CCA of fewer rows than columns', () => {
  const table = (columns: number, entry: (i: number, j: number) => number): Matrix => ({
    data: Float64Array.from({ length: 5 * columns }, (_, at) => entry(Math.floor(at / columns), at % columns)),
    shape: [5, columns],
  });
  const a = table(7, (i, j) => ((7 * i * i + 3 * j * j + i * j * 5) % 11) / 10 - 0.5);
  const b = table(3, (i, j) => ((5 * i * i + 2 * j + i * j * 7 + 3) % 13) / 10 - 0.6);
  const options = { ridge: [1e-2, 2e-2] } as const;

  it('has the loss and gradients of torch', () => {
    const { loss, values, gradientA, gradientB } = totalCorrelation(a, b, options);
    expectClose([loss], [fewRows.loss], 1e-12);
    expectClose(values, fewRows.values, 1e-12);
    expectClose(gradientB.data, fewRows.gradientB.flat(), 1e-12);
    expectClose(gradientA.data.subarray(0, 14), fewRows.gradientA.flat(), 1e-12);
  });

  it('is the same of one row twice as of no more than the others span', () => {
    const twice = ({ data, shape: [n, columns] }: Matrix): Matrix => ({
      data: Float64Array.from([...data, ...data]),
      shape: [2 * n, columns],
    });
    // Twice the rows have the covariances of one time, but for what is divided by: 9 / 2 instead of 4.
    const scaled = { ridge: [(1e-2 * 8) / 9, (2e-2 * 8) / 9] } as const;
    const [once, both] = [totalCorrelation(a, b, options), totalCorrelation(twice(a), twice(b), scaled)];
    expectClose(both.values.subarray(0, 3), once.values, 1e-12);
    for (const side of ['gradientA', 'gradientB'] as const) {
      const halves = once[side].data.map((slope) => slope / 2);
      expectClose(both[side].data, [...halves, ...halves], 1e-12);
    }
  });

  it('is 0 for rows that are all equal', () => {
    const equal = table(7, (_, j) => j);
    expectClose([totalCorrelation(equal, b, options).loss], [0], 0);
  });
});
