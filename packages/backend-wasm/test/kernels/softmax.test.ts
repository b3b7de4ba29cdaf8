import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

describeVariants('softmax', () => {
  it('of fifty random shapes, up to five axes', () => {
    const pick = randomSizes(81);
    for (let seed = 0; seed < 50; seed++) {
      const shape = Array.from({ length: pick(1, 5) }, () => pick(1, 7));
      const x = randomNumbers(seed)(tf.util.sizeFromShape(shape)).map((value) => 20 * value);
      const width = shape.at(-1)!;
      const expected = Float64Array.from(x, (value, at) => {
        const row = x.subarray(at - (at % width), at - (at % width) + width);
        return 1 / row.reduce((sum, other) => sum + Math.exp(other - value), 0);
      });
      expectClose(
        valuesOf(() => tf.softmax(tf.tensor(x, shape))),
        expected,
        1e-7,
        2e-6,
      );
    }
  });

  it('of no rows and of rows of one', () => {
    expect(valuesOf(() => tf.softmax(tf.zeros([0, 3])))).toHaveLength(0);
    expect([...valuesOf(() => tf.softmax(tf.tensor2d([-700, 700], [2, 1])))]).toEqual([1, 1]);
    expect([...valuesOf(() => tf.softmax(tf.scalar(3)))]).toEqual([1]);
  });

  it('NaN and infinity make their row NaN, -infinity among others is 0', () => {
    const got = valuesOf(() =>
      tf.softmax(
        tf.tensor2d([
          [1, NaN],
          [1, Infinity],
          [-Infinity, -Infinity],
          [-Infinity, 5],
          [2, 2],
        ]),
      ),
    );
    expect([...got]).toEqual([NaN, NaN, NaN, NaN, NaN, NaN, 0, 1, 0.5, 0.5]);
  });
});
