import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

describeVariants('rows by number', () => {
  it('sums of segments, fifty random shapes, numbers out of range left out', () => {
    const pick = randomSizes(61);
    for (let seed = 0; seed < 50; seed++) {
      const [rows, width, segments] = [pick(0, 40), pick(1, 9), pick(1, 6)];
      const x = randomNumbers(seed)(rows * width);
      const ids = Int32Array.from({ length: rows }, () => pick(-1, segments));
      const expected = new Float64Array(segments * width);
      x.forEach((value, at) => {
        const id = ids[Math.floor(at / width)]!;
        if (id >= 0 && id < segments) expected[id * width + (at % width)]! += value;
      });
      const got = valuesOf(() =>
        tf.unsortedSegmentSum(tf.tensor2d(x, [rows, width]), tf.tensor1d(ids, 'int32'), segments),
      );
      expectClose(got, expected, 1e-5);
    }
  });

  it('sums of segments refuse integers', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const sum = () => tf.unsortedSegmentSum(tf.tensor1d([1, 2], 'int32'), tf.tensor1d([0, 0], 'int32'), 1);
    expect(() => tf.tidy(sum)).toThrow(refused);
  });

  it.each(['float32', 'int32', 'bool'] as const)('one hot in %s, nothing where the number is out of range', (dtype) => {
    const got = valuesOf(() => tf.oneHot(tf.tensor1d([2, 0, 3, -1], 'int32'), 3, 1, 0, dtype));
    expect([...got]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('one hot with values of its own', () => {
    const got = valuesOf(() => tf.oneHot(tf.tensor2d([1, 0], [2, 1], 'int32'), 2, 0.5, -0.25, 'float32'));
    expect([...got]).toEqual([-0.25, 0.5, 0.5, -0.25]);
  });

  it.each(['float32', 'int32', 'bool'] as const)('gathers along every axis, fifty random shapes, %s', (dtype) => {
    const pick = randomSizes(91);
    for (let seed = 0; seed < 50; seed++) {
      const shape = Array.from({ length: pick(1, 4) }, () => pick(1, 6));
      const axis = pick(0, shape.length - 1);
      const ids = Int32Array.from({ length: pick(0, 9) }, () => pick(0, shape[axis]! - 1));
      const x = Array.from(randomNumbers(seed)(tf.util.sizeFromShape(shape)), (value) =>
        dtype === 'float32' ? Math.fround(value) : Math.abs(Math.round(value)) % 2,
      );
      const inner = tf.util.sizeFromShape(shape.slice(axis + 1));
      const blocks = Array.from({ length: tf.util.sizeFromShape(shape.slice(0, axis)) }, (_, block) => block);
      const expected = blocks.flatMap((block) =>
        [...ids].flatMap((id) => {
          const at = (block * shape[axis]! + id) * inner;
          return x.slice(at, at + inner);
        }),
      );
      const got = valuesOf(() => tf.gather(tf.tensor(x, shape, dtype), tf.tensor1d(ids, 'int32'), axis));
      expect([...got]).toEqual(expected);
    }
  });

  it('gathers with indices for each item, and of nothing', () => {
    const items = valuesOf(() => {
      const x = tf.tensor3d([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]);
      return tf.gather(x, tf.tensor2d([1, 0, 1, 1], [2, 2], 'int32'), 1, 1);
    });
    expect([...items]).toEqual([3, 4, 1, 2, 7, 8, 7, 8]);
    expect(tf.tidy(() => tf.gather(tf.zeros([0, 3]), tf.tensor1d([], 'int32')).shape)).toEqual([0, 3]);
  });

  it.each([3, -1])('gather refuses row %i of three, and leaves nothing', (id) => {
    const before = tf.memory();
    const refused = expect.objectContaining({
      code: 'INPUT_INVALID',
      message: `gather: expected numbers from 0 to 2, got ${id}`,
    });
    expect(() => tf.tidy(() => tf.gather(tf.zeros([3, 2]), tf.tensor1d([0, id], 'int32')))).toThrow(refused);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});
