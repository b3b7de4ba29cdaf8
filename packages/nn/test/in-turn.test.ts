import { describeBackends, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { inTurn } from '../src/index.ts';

beforeAll(enableAutodiff);

/** `x² + 1` by way of two tensors, and how many there were before. */
const step =
  (seen: number[] = []) =>
  (x: tf.Tensor1D): tf.Tensor1D => {
    seen.push(tf.memory().numTensors);
    return tf.add(tf.mul(x, x), 1);
  };
const same = (x: tf.Tensor1D) => x;

describeBackends('steps in turn', () => {
  test('leave nothing but the result of the one before', async () => {
    const seen: number[] = [];
    await expectNoLeak(async () => {
      const result = await valuesOf(() => inTurn([step(seen), step(seen), step(seen)], tf.tensor1d([1, 0])));
      expect([...result]).toEqual([26, 5]);
    });
    expect(seen.map((count) => count - seen[0]!)).toEqual([0, 1, 1]);
  });

  test('leave what they are given, and what a step hands on', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor1d([2]);
      expect([...(await valuesOf(() => tf.clone(inTurn([same, same], x))))]).toEqual([2]);
      expect([...(await valuesOf(() => inTurn([same, step(), same], x)))]).toEqual([5]);
      expect([...(await x.data())]).toEqual([2]);
      x.dispose();
    });
  });

  test('have the gradient of their composition', async () => {
    await expectNoLeak(async () => {
      const slope = await valuesOf(() => tf.grad((x) => inTurn([step(), step()], x as tf.Tensor1D))(tf.tensor1d([3])));
      // d/dx ((x² + 1)² + 1) = 4 x (x² + 1)
      expect([...slope]).toEqual([120]);
    });
  });
});
