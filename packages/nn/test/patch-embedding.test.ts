import { describeGolden } from '@diptych/golden';
import { describeBackends, expectLayer } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { patchEmbedding } from '../src/index.ts';

beforeAll(enableAutodiff);

describeGolden('patchEmbedding', () => {
  describeBackends('patchEmbedding', () => {
    test('is the strided convolution, and so is its gradient', async () => {
      await expectLayer('conv2d_patch', ({ x, weight }) => {
        const pixels = tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]);
        const rows = patchEmbedding({ weight: tf.transpose(weight as tf.Tensor4D, [2, 3, 1, 0]) }, pixels);
        return { y: tf.reshape(tf.transpose(rows, [0, 2, 1]), [1, 5, 2, 2]) };
      });
    });
  });
});
