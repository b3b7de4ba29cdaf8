import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers } from './random.ts';
import { expectClose, runAll } from './run.ts';
import { describeVariants } from './variants.ts';

const attrs = { first: 0.9, second: 0.98, keep: 0.999, rate: 0.03, correction: 1.7, epsilon: 1e-6 };

describeVariants('a step of Adam', () => {
  it.each([0, 1, 3, 4, 5, 70])('of %i numbers', (size) => {
    const numbers = randomNumbers(size + 1);
    const [value, gradient, mean] = [numbers(size), numbers(size), numbers(size)];
    const square = numbers(size).map(Math.abs);
    const before = tf.memory().numTensors;
    const made = tf.tidy(() => {
      const inputs = {
        value: tf.tensor1d(value),
        gradient: tf.tensor1d(gradient),
        mean: tf.tensor1d(mean),
        square: tf.tensor1d(square),
      };
      return runAll('DiptychAdam', inputs, attrs).map((tensor) => tensor.dataSync<'float32'>());
    });
    expect(tf.memory().numTensors).toBe(before);
    const means = Array.from(mean, (old, i) => 0.9 * old + 0.1 * gradient[i]!);
    const squares = Array.from(square, (old, i) => 0.98 * old + 0.02 * gradient[i]! ** 2);
    const values = Array.from(value, (old, i) => {
      return 0.999 * old - (0.03 * means[i]!) / (1.7 * Math.sqrt(squares[i]!) + 1e-6);
    });
    [values, means, squares].forEach((expected, i) => expectClose(made[i]!, expected, 1e-7, 3e-7));
  });

  it('refuses a gradient of another shape', () => {
    tf.tidy(() => {
      const [one, other] = [tf.ones([3]), tf.ones([4])];
      const run = () => void runAll('DiptychAdam', { value: one, gradient: other, mean: one, square: one }, attrs);
      expect(run).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    });
  });
});
