import { describeGolden, goldenJson } from '@diptych/golden';
import { enableAutodiff } from '@diptych/nn';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, it } from 'vitest';
import { deepCca, type DeepCcaOptions, totalCorrelation } from '../../src/index.ts';
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
