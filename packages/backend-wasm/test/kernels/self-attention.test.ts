import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, run, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

type Shape = readonly [n: number, length: number, heads: number, size: number];

/** The formula in double precision. `mask` gives what is added to a score. */
function plain(qkv: Float32Array, shape: Shape, mask: (item: number, head: number, i: number, j: number) => number) {
  const [n, length, heads, size] = shape;
  const width = heads * size;
  const out = new Float64Array(n * length * width);
  const at = (item: number, i: number, part: number, head: number) =>
    (item * length + i) * 3 * width + part * width + head * size;
  for (let item = 0; item < n; item++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < length; i++) {
        const scores = Array.from({ length }, (_, j) => {
          let dot = 0;
          for (let d = 0; d < size; d++) dot += qkv[at(item, i, 0, head) + d]! * qkv[at(item, j, 1, head) + d]!;
          return dot / Math.sqrt(size) + mask(item, head, i, j);
        });
        const highest = Math.max(...scores);
        const weights = scores.map((score) => Math.exp(score - highest));
        const total = weights.reduce((a, b) => a + b, 0);
        weights.forEach((weight, j) => {
          for (let d = 0; d < size; d++) {
            out[(item * length + i) * width + head * size + d]! += (weight / total) * qkv[at(item, j, 2, head) + d]!;
          }
        });
      }
    }
  }
  return out;
}

function attend(qkv: Float32Array, [n, length, heads, size]: Shape, mask?: tf.Tensor4D): Float32Array {
  return valuesOf(() =>
    run('DiptychSelfAttention', { qkv: tf.tensor3d(qkv, [n, length, 3 * heads * size]), mask }, { heads }),
  );
}

describeVariants('self-attention', () => {
  it.each([
    [1, 1, 1, 1],
    [1, 50, 2, 64],
    [2, 7, 3, 5],
    [3, 8, 1, 8],
    [1, 197, 1, 32],
    [0, 4, 2, 4],
  ] as const)('[%i, %i] with %i heads of %i', (...shape) => {
    const qkv = randomNumbers(5)(tf.util.sizeFromShape([...shape, 3])).map((v) => 3 * v);
    expectClose(
      attend(qkv, shape),
      plain(qkv, shape, () => 0),
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
      const expected = plain(qkv, shape, (...where) => mask[place(...where)]!);
      expectClose(got, expected, 1e-5);
    }
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
