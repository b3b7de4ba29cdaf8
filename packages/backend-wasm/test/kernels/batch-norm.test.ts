import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { batchNorm } from './formulas.ts';
import { randomNumbers } from './random.ts';
import { expectClose, runAll } from './run.ts';
import { describeVariants } from './variants.ts';

const epsilon = 1e-5;

function normalize(x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array[] {
  const before = tf.memory().numTensors;
  const width = weight.length;
  const values = tf.tidy(() => {
    const inputs = {
      x: tf.tensor2d(x, [x.length / width, width]),
      weight: tf.tensor1d(weight),
      bias: tf.tensor1d(bias),
    };
    return runAll('DiptychBatchNorm', inputs, { epsilon }).map((one) => one.dataSync<'float32'>());
  });
  expect(tf.memory().numTensors).toBe(before);
  return values;
}

describeVariants('batch norm', () => {
  it.each([
    [1, 1],
    [2, 3],
    [33, 4],
    [31, 17],
    [1000, 32],
    [129, 256],
  ])('%i rows of %i channels', (rows, width) => {
    const numbers = randomNumbers(width);
    const [x, weight, bias] = [numbers(rows * width).map((v) => 3 + 10 * v), numbers(width), numbers(width)];
    const [y, mean, variance] = normalize(x, weight, bias);
    const expected = batchNorm(x, weight, bias, epsilon);
    expectClose(y!, expected.y, 1e-5);
    expectClose(mean!, expected.mean, 1e-5);
    expectClose(variance!, expected.variance, 0, 1e-5);
  });

  it('a constant channel becomes its bias', () => {
    const [y] = normalize(Float32Array.of(5, 1, 5, 2), Float32Array.of(3, 0), Float32Array.of(7, 8));
    expectClose(y!, [7, 8, 7, 8]);
  });

  it('a channel with NaN or infinity becomes NaN; the others do not', () => {
    const x = Float32Array.of(1, NaN, Infinity, -1, 1, 1);
    const [y] = normalize(x, new Float32Array(3).fill(1), new Float32Array(3));
    expectClose(y!, [1, NaN, NaN, -1, NaN, NaN]);
  });

  it('no rows give no rows', () => {
    expect(normalize(new Float32Array(0), new Float32Array(3), new Float32Array(3))[0]).toHaveLength(0);
  });
});
