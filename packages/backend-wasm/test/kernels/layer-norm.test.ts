import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { layerNorm } from './formulas.ts';
import { randomNumbers } from './random.ts';
import { expectClose, run, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

const epsilon = 1e-5;

function normalize(x: Float32Array, weight: Float32Array, bias: Float32Array): Float32Array {
  const width = weight.length;
  return valuesOf(() => {
    const inputs = {
      x: tf.tensor2d(x, [x.length / width, width]),
      weight: tf.tensor1d(weight),
      bias: tf.tensor1d(bias),
    };
    return run('DiptychLayerNorm', inputs, { epsilon });
  });
}

describeVariants('layer norm', () => {
  it.each([1, 2, 3, 4, 7, 8, 9, 31, 512, 768, 1027])('rows of %i numbers', (width) => {
    const numbers = randomNumbers(width);
    const [x, weight, bias] = [numbers(5 * width).map((v) => 3 + 10 * v), numbers(width), numbers(width)];
    expectClose(normalize(x, weight, bias), layerNorm(x, weight, bias, epsilon), 5e-6);
  });

  it('a constant row becomes the bias', () => {
    const bias = randomNumbers(1)(12);
    expectClose(normalize(new Float32Array(12).fill(1e4), new Float32Array(12).fill(1), bias), bias);
  });

  it('no rows give no rows', () => {
    expect(normalize(new Float32Array(0), new Float32Array(8), new Float32Array(8))).toHaveLength(0);
  });

  it('a row with NaN or infinity becomes NaN; the others do not', () => {
    const x = Float32Array.of(1, NaN, 2, 1, Infinity, 2, -1, 0, 1);
    const one = new Float32Array(3).fill(1);
    const got = normalize(x, one, new Float32Array(3));
    expectClose(got, [
      NaN,
      NaN,
      NaN,
      NaN,
      NaN,
      NaN,
      ...layerNorm(Float32Array.of(-1, 0, 1), one, new Float32Array(3), epsilon),
    ]);
  });
});
