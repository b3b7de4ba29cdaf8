import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers, randomSizes } from './random.ts';
import { valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

describeVariants('parts of a tensor', () => {
  it.each(['float32', 'int32', 'bool'] as const)('fifty random parts of up to five axes, %s', (dtype) => {
    const pick = randomSizes(71);
    for (let seed = 0; seed < 50; seed++) {
      const shape = Array.from({ length: pick(1, 5) }, () => pick(1, 4));
      const begin = shape.map((length) => pick(0, length - 1));
      const size = shape.map((length, axis) => pick(0, length - begin[axis]!));
      const x = numbersOf(seed, shape, dtype);
      const got = valuesOf(() => tf.slice(tf.tensor(x, shape, dtype), begin, size));
      expect([...got]).toEqual(partOf(x, shape, begin, size));
    }
  });

  it('split and unstack along every axis, the sizes also given one by one', () => {
    const [shape, pick] = [[3, 4, 5], randomSizes(72)];
    const x = numbersOf(73, shape, 'float32');
    for (const axis of [0, 1, 2, -1]) {
      const length = shape.at(axis)!;
      const first = pick(1, length - 1);
      const part = (from: number, count: number) => {
        const at = (axis + 3) % 3;
        return partOf(x, shape, [0, 0, 0].with(at, from), shape.with(at, count));
      };
      tf.tidy(() => {
        const whole = tf.tensor(x, shape);
        const [a, b] = tf.split(whole, [first, length - first], axis);
        expect([...a!.dataSync()]).toEqual(part(0, first));
        expect([...b!.dataSync()]).toEqual(part(first, length - first));
        const single = tf.unstack(whole, axis);
        single.forEach((one, i) => expect([...one.dataSync()]).toEqual(part(i, 1)));
        expect(single[0]!.shape).toEqual(shape.toSpliced(axis, 1));
      });
    }
  });

  it('of strings', () => {
    const x = tf.tensor2d(['a', 'b', 'c', 'd', 'e', 'f'], [2, 3], 'string');
    expect(tf.tidy(() => tf.slice(x, [0, 1], [2, 1]).dataSync<'string'>())).toEqual(['b', 'e']);
    x.dispose();
  });

  it('refuses what lies outside', () => {
    expect(() => tf.tidy(() => tf.slice(tf.zeros([2, 3]), [1, 0], [2, 1]))).toThrow(
      'begin[0] + size[0] (3) would overflow input.shape[0] (2)',
    );
  });
});

function numbersOf(seed: number, shape: readonly number[], dtype: 'float32' | 'int32' | 'bool'): number[] {
  const numbers = randomNumbers(seed)(tf.util.sizeFromShape([...shape]));
  const as = { float32: Number, int32: (x: number) => Math.round(100 * x), bool: (x: number) => Number(x > 0) };
  return Array.from(numbers, (x) => as[dtype](x) + 0);
}

/** Every element whose place lies in the part, in their order. */
function partOf(x: readonly number[], shape: readonly number[], begin: readonly number[], size: readonly number[]) {
  const strides = shape.map((_, axis) => tf.util.sizeFromShape(shape.slice(axis + 1)));
  return x.filter((_, at) =>
    shape.every((length, axis) => {
      const place = Math.floor(at / strides[axis]!) % length;
      return place >= begin[axis]! && place < begin[axis]! + size[axis]!;
    }),
  );
}
