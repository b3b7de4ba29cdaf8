import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { runAll } from './run.ts';
import { describeVariants } from './variants.ts';

describeVariants('code of the host', () => {
  it('runs over numbers where they are, and makes its result of zeros', () => {
    const before = tf.memory().numTensors;
    const found = tf.tidy(() => {
      // What was there before is not in the result.
      tf.tidy(() => void tf.tensor1d([7, 7, 7, 7, 7, 7]));
      const run = (x: Float32Array, result: Float32Array) => {
        for (let i = 1; i < x.length; i++) result[i]! += x[i]! + 1;
      };
      const [y] = runAll('DiptychRunOver', { x: tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]) }, { run });
      return { shape: y!.shape, values: y!.dataSync<'float32'>() };
    });
    expect(found).toEqual({ shape: [2, 3], values: Float32Array.of(0, 3, 4, 5, 6, 7) });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves nothing behind when it throws', () => {
    const before = tf.memory().numTensors;
    const run = () => {
      throw new RangeError('no');
    };
    tf.tidy(() => {
      expect(() => runAll('DiptychRunOver', { x: tf.ones([3]) }, { run })).toThrow('no');
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
