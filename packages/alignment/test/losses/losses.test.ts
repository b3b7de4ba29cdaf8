import { describeGolden } from '@diptych/golden';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak, inDouble } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { alignmentUniformity, vicReg } from '../../src/index.ts';
import { cases } from './cases.ts';
import { evaluate } from './evaluate.ts';
import { lossOracle } from './oracle.ts';

beforeAll(enableAutodiff);

describeGolden('losses', () => {
  it('are all of the reference', async () => {
    expect(Object.keys(cases)).toEqual(Object.keys((await lossOracle()).cases));
  });

  describe('in double precision', () => {
    beforeAll(async () => {
      await import('@tensorflow/tfjs-backend-cpu');
      await tf.setBackend('cpu');
    });

    it.each(Object.keys(cases))('%s and its gradients', async (name) => {
      const oracle = await lossOracle();
      await expectNoLeak(() => {
        for (const { name: role, got, expected } of inDouble(() => evaluate(oracle, name))) {
          expectClose(got, expected, (role.endsWith('loss') ? 1e-9 : 1e-8) * largest(expected));
        }
      });
    });
  });

  describeBackends('in single precision', () => {
    it.each(Object.keys(cases))('%s and its gradients', async (name) => {
      const oracle = await lossOracle();
      await expectNoLeak(() => {
        for (const { got, expected } of evaluate(oracle, name)) expectClose(got, expected, 1e-4 * largest(expected));
      });
    });
  });
});

/** Errors are relative to the largest value of an array. */
function largest(values: readonly number[]): number {
  return Math.max(1e-3, ...values.map(Math.abs));
}

describe('losses of how rows vary', () => {
  it.each(Object.entries({ vicReg, alignmentUniformity }))('%s refuse one row', (_, loss) => {
    const one = () => tf.tidy(() => loss(tf.ones([1, 3]), tf.ones([1, 3])));
    expect(one).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
