import { describeGolden } from '@diptych/golden';
import { describeBackends, expectClose, expectLayer, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { globalAveragePool, l2Normalize, maskedMean } from '../src/index.ts';

beforeAll(enableAutodiff);

const mask = [
  [1, 1, 1, 0, 0],
  [1, 0, 0, 0, 0],
  [1, 1, 1, 1, 1],
];

describeGolden('pooling', () => {
  describeBackends('pooling', () => {
    test('maskedMean and its gradient are exact', async () => {
      await expectLayer('pool_masked_mean', ({ x }) => ({ y: maskedMean(x as tf.Tensor3D, tf.tensor2d(mask)) }));
    });

    test('globalAveragePool and its gradient are exact', async () => {
      await expectLayer('global_avgpool', ({ x }) => {
        return { y: globalAveragePool(tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1])) };
      });
    });

    test('l2Normalize is exact, also for a zero row', async () => {
      await expectLayer('l2norm', ({ x }) => ({ y: l2Normalize(x!) }));
    });
  });
});

describeBackends('l2Normalize', () => {
  test('has the gradient of x / |x|, and none at a zero row', async () => {
    const slope = tf.grad((x: tf.Tensor) => l2Normalize(x));
    await expectNoLeak(async () => {
      const got = await valuesOf(() => slope(tf.tensor2d([3, 4, 0, 0], [2, 2]), tf.tensor2d([1, 0, 1, 1], [2, 2])));
      // (dy - y (y · dy)) / |x| with y = (0.6, 0.8)
      expectClose(got, [(1 - 0.36) / 5, -0.48 / 5, 0, 0], 1e-7);
    });
  });

  test('gives unit rows whatever their size', async () => {
    const rows = await valuesOf(() => l2Normalize(tf.tensor2d([3e-10, 4e-10, 3e15, 4e15], [2, 2])));
    expectClose(rows, [0.6, 0.8, 0.6, 0.8], 1e-6);
  });
});
