import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { attention, type Shape } from './formulas.ts';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, run, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

function attend(qkv: Float32Array, [n, length, heads, size]: Shape, mask?: tf.Tensor4D): Float32Array {
  return valuesOf(() =>
    run('DiptychSelfAttention', { qkv: tf.tensor3d(qkv, [n, length, 3 * heads * size]), mask }, { heads }),
  );
}

function causal(length: number): tf.Tensor4D {
  const values = Array.from({ length: length ** 2 }, (_, at) => (at % length > Math.floor(at / length) ? -1e9 : 0));
  return tf.tensor4d(values, [1, 1, length, length]);
}

describeVariants('self-attention', () => {
  it.each([
    [1, 1, 1, 1],
    [1, 50, 2, 64],
    [2, 7, 3, 5],
    [3, 8, 1, 8],
    [1, 197, 1, 32],
    [1, 900, 1, 9],
    [0, 4, 2, 4],
  ] as const)('[%i, %i] with %i heads of %i', (...shape) => {
    const qkv = randomNumbers(5)(tf.util.sizeFromShape([...shape, 3])).map((v) => 3 * v);
    expectClose(
      attend(qkv, shape),
      attention(qkv, shape, () => 0),
      1e-5,
    );
  });

  it('masks that differ by item, head or query, broadcast along the rest', () => {
    const pick = randomSizes(6);
    for (let seed = 0; seed < 20; seed++) {
      const shape = [pick(1, 3), pick(1, 12), pick(1, 3), pick(1, 9)] as const;
      const [n, length, heads] = shape;
      const own = [pick(0, 1) ? n : 1, pick(0, 1) ? heads : 1, pick(0, 1) ? length : 1, length] as const;
      const numbers = randomNumbers(seed);
      const mask = numbers(own.reduce((a, b) => a * b)).map((v, at) => (v > 0.5 && at % length > 0 ? -1e9 : v));
      const qkv = numbers(shape.reduce((a, b) => a * b) * 3);
      const place = (item: number, head: number, i: number, j: number) =>
        ((Math.min(item, own[0] - 1) * own[1] + Math.min(head, own[1] - 1)) * own[2] + Math.min(i, own[2] - 1)) *
          length +
        j;
      const tensor = tf.tensor4d(mask, [...own]);
      const got = attend(qkv, shape, tensor);
      tensor.dispose();
      const expected = attention(qkv, shape, (...where) => mask[place(...where)]!);
      expectClose(got, expected, 1e-5);
    }
  });

  it.each([1, 2, 5, 6, 7, 8, 13, 16, 77])('keys that all of %i queries hide at the end count nothing', (length) => {
    const shape = [2, length, 2, 12] as const;
    const qkv = randomNumbers(length)(2 * length * 3 * 24);
    const masks: readonly ((i: number, j: number, item: number) => number)[] = [
      (i, j) => (j > i ? -1e9 : 0),
      (i, j) => (j > i ? -Infinity : 0.5),
      (_, j, item) => (j > item + 2 ? -1e9 : 0),
      // Rows without any key weigh all alike.
      (i, j) => (i % 3 === 0 || j > i ? -1e9 : 0),
    ];
    for (const hide of masks) {
      const values = Float32Array.from({ length: 2 * length ** 2 }, (_, at) =>
        hide(Math.floor(at / length) % length, at % length, Math.floor(at / length ** 2)),
      );
      const mask = tf.tensor4d(values, [2, 1, length, length]);
      const got = attend(qkv, shape, mask);
      mask.dispose();
      const alone = (item: number, i: number) => (hide(i, 0, item) === -1e9 ? () => -1e30 : hide);
      expectClose(
        got,
        attention(qkv, shape, (item, _, i, j) => alone(item, i)(i, j, item)),
        1e-5,
      );
    }
  });

  it.each(['causal', 'none'] as const)('gives items one after another the bits of each alone, mask %s', (kind) => {
    const pick = randomSizes(10);
    for (let seed = 0; seed < 12; seed++) {
      const [heads, size] = [pick(1, 3), pick(1, 17)];
      const lengths = Array.from({ length: pick(1, 7) }, () => pick(1, 19));
      const row = 3 * heads * size;
      const tokens = lengths.reduce((sum, length) => sum + length, 0);
      const qkv = randomNumbers(seed)(tokens * row);
      const maskOf = (length: number) => (kind === 'causal' ? causal(length) : undefined);
      const packed = valuesOf(() => {
        const inputs = { qkv: tf.tensor3d(qkv, [1, tokens, row]), mask: maskOf(Math.max(...lengths)) };
        return run('DiptychSelfAttention', inputs, { heads, lengths });
      });
      let start = 0;
      for (const length of lengths) {
        const own = qkv.subarray(start * row, (start + length) * row);
        const mask = maskOf(length);
        const expected = attend(own, [1, length, heads, size], mask);
        mask?.dispose();
        expect(packed.subarray((start * row) / 3, ((start + length) * row) / 3)).toEqual(expected);
        start += length;
      }
    }
  });

  it('refuses lengths of other items, and a mask that is not that of the longest', () => {
    const attending = (lengths: number[], masked: number) => () =>
      tf.tidy(() => {
        const qkv = tf.zeros<tf.Rank.R3>([1, 5, 12]);
        return run('DiptychSelfAttention', { qkv, mask: causal(masked) }, { heads: 2, lengths });
      });
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(attending([2, 2], 2)).toThrow(refused);
    expect(attending([2, 3], 5)).toThrow(refused);
  });

  it('NaN in a mask makes its row NaN', () => {
    const mask = tf.tensor4d([0, NaN, 0, 0], [1, 1, 2, 2]);
    const got = attend(randomNumbers(9)(2 * 3 * 4), [1, 2, 1, 4], mask);
    mask.dispose();
    expect(got.slice(0, 4).every(Number.isNaN)).toBe(true);
    expect(got.slice(4).some(Number.isNaN)).toBe(false);
  });

  it('with a causal mask the first row is the first value', () => {
    const qkv = randomNumbers(7)(3 * 3 * 8);
    const mask = tf.tensor4d([0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0], [1, 1, 3, 3]);
    expectClose(attend(qkv, [1, 3, 2, 4], mask).subarray(0, 8), qkv.subarray(16, 24), 1e-6);
    mask.dispose();
  });

  it('NaN in a query reaches that query alone', () => {
    const qkv = randomNumbers(8)(2 * 3 * 4);
    qkv[12] = NaN;
    const got = attend(qkv, [1, 2, 1, 4]);
    expect(got.slice(0, 4).some(Number.isNaN)).toBe(false);
    expect(got.slice(4).every(Number.isNaN)).toBe(true);
  });
});
