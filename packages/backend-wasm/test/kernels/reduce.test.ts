import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

/** Sums in double precision over some axes. */
function expectedSums(x: Float32Array, shape: readonly number[], axes: readonly number[]): Float64Array {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const sums = new Float64Array(tf.util.sizeFromShape(kept));
  x.forEach((value, at) => {
    const place = tf.util.indexToLoc(at, shape.length, tf.util.computeStrides([...shape]));
    const where = place.map((i, axis) => (axes.includes(axis) ? 0 : i));
    sums[tf.util.locToIndex(where, shape.length, tf.util.computeStrides(kept))]! += value;
  });
  return sums;
}

describeVariants('sums and means', () => {
  it('over any axes of two hundred random shapes', () => {
    const pick = randomSizes(51);
    for (let seed = 0; seed < 200; seed++) {
      const shape = Array.from({ length: pick(1, 5) }, () => pick(1, 7));
      const axes = shape.flatMap((_size, axis) => (pick(0, 1) ? [axis] : []));
      const x = randomNumbers(seed)(tf.util.sizeFromShape(shape));
      const expected = expectedSums(x, shape, axes);
      const keepDims = pick(0, 1) === 1;
      const attempt = (of: typeof tf.sum) => {
        const kept = shape.flatMap((size, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [size]));
        const values = valuesOf(() => {
          const y = of(tf.tensor(x, shape), axes, keepDims);
          expect(y.shape).toEqual(kept);
          return y;
        });
        return values;
      };
      expectClose(attempt(tf.sum), expected, 1e-5);
      const count = x.length / expected.length;
      expectClose(
        attempt(tf.mean),
        expected.map((v) => v / count),
        1e-5,
      );
    }
  });

  it.each([[1_000_003], [65_537, 3], [16_385, 16], [5, 100_003]])('of many numbers keeps six digits', (...shape) => {
    const x = randomNumbers(1)(tf.util.sizeFromShape(shape)).map((v) => 1 + v);
    for (const axis of shape.keys()) {
      const got = valuesOf(() => tf.sum(tf.tensor(x, shape), axis));
      expectClose(got, expectedSums(x, shape, [axis]), 0, 1e-6);
    }
  });

  it('integers and truth values count as before', () => {
    const values = (make: () => tf.Tensor) => [...valuesOf(make)];
    expect(values(() => tf.sum(tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32'), 0))).toEqual([4, 6]);
    expect(values(() => tf.sum(tf.tensor1d([true, false, true], 'bool')))).toEqual([2]);
    expect(values(() => tf.mean(tf.tensor1d([1, 2], 'int32')))).toEqual([1.5]);
  });

  it('NaN reaches its own sum only, and nothing sums up to 0', () => {
    expect([...valuesOf(() => tf.sum(tf.tensor2d([1, NaN, 2, Infinity], [2, 2]), 0))]).toEqual([3, NaN]);
    expect([...valuesOf(() => tf.sum(tf.tensor2d([1, NaN, 2, Infinity], [2, 2]), 1))]).toEqual([NaN, Infinity]);
    expect([...valuesOf(() => tf.sum(tf.zeros([0, 2]), 0))]).toEqual([0, 0]);
    expect([...valuesOf(() => tf.sum(tf.zeros([2, 0]), 1))]).toEqual([0, 0]);
  });
});
