import { describeBackends, expectClose, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { gatherRows } from '../src/index.ts';

describeBackends('gatherRows', () => {
  const table = () => tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const indices = Int32Array.of(2, 0, 2, 2);

  test('takes rows in the order asked for', async () => {
    await expectNoLeak(async () => {
      expectClose(await valuesOf(() => gatherRows(table(), indices)), [5, 6, 1, 2, 5, 6, 5, 6], 0);
    });
  });

  test('adds up the gradients of a row taken several times', async () => {
    await enableAutodiff();
    const slope = tf.grad((x: tf.Tensor) => gatherRows(x as tf.Tensor2D, indices));
    await expectNoLeak(async () => {
      const dy = () => tf.tensor2d([1, 2, 10, 20, 100, 200, 1000, 2000], [4, 2]);
      expectClose(await valuesOf(() => slope(table(), dy())), [10, 20, 0, 0, 1101, 2202], 0);
    });
  });
});
