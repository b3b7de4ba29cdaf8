import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomNumbers, randomSizes } from './random.ts';
import { expectClose, valuesOf } from './run.ts';
import { describeVariants } from './variants.ts';

interface Sizes {
  readonly m: number;
  readonly k: number;
  readonly n: number;
}
interface Case extends Sizes {
  readonly outerA: readonly number[];
  readonly outerB: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function expectProduct(sizes: Case, seed: number): void {
  const { m, k, n, outerA, outerB, transposeA, transposeB } = sizes;
  const numbers = randomNumbers(seed);
  const shapeA = [...outerA, ...(transposeA ? [k, m] : [m, k])];
  const shapeB = [...outerB, ...(transposeB ? [n, k] : [k, n])];
  const a = numbers(tf.util.sizeFromShape(shapeA));
  const b = numbers(tf.util.sizeFromShape(shapeB));
  const got = valuesOf(() => tf.matMul(tf.tensor(a, shapeA), tf.tensor(b, shapeB), transposeA, transposeB));
  const outer = tf.broadcast_util.assertAndGetBroadcastShape([...outerA], [...outerB]);
  const expected: number[] = [];
  for (let item = 0; item < tf.util.sizeFromShape(outer); item++) {
    const [fromA, fromB] = [place(item, outer, outerA) * m * k, place(item, outer, outerB) * k * n];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          sum += a[fromA + (transposeA ? p * m + i : i * k + p)]! * b[fromB + (transposeB ? j * k + p : p * n + j)]!;
        }
        expected.push(sum);
      }
    }
  }
  expectClose(got, expected, 2e-7 * (8 + k));
}

/** Which matrix of `own` stands at `item` of `outer`. */
function place(item: number, outer: readonly number[], own: readonly number[]): number {
  const at: number[] = [];
  for (let axis = outer.length - 1, rest = item; axis >= 0; axis--) {
    at.unshift(rest % outer[axis]!);
    rest = Math.floor(rest / outer[axis]!);
  }
  const shift = outer.length - own.length;
  return own.reduce((index, size, axis) => index * size + (size === 1 ? 0 : at[axis + shift]!), 0);
}

describeVariants('matrix products', () => {
  it('two hundred random shapes, batched, broadcast and transposed', () => {
    const pick = randomSizes(1);
    const outers = [[], [1], [3], [2, 1], [1, 3], [2, 3], [4, 1, 1]];
    const compatible = (a: readonly number[], b: readonly number[]) =>
      a.every((size, i) => {
        const other = b[b.length - a.length + i] ?? 1;
        return size === other || size === 1 || other === 1;
      });
    let seed = 0;
    while (seed < 200) {
      const [outerA, outerB] = [outers[pick(0, 6)]!, outers[pick(0, 6)]!];
      if (!compatible(outerA, outerB) || !compatible(outerB, outerA)) continue;
      const sizes = { m: pick(1, 20), k: pick(1, 60), n: pick(1, 20) };
      expectProduct({ ...sizes, outerA, outerB, transposeA: pick(0, 1) === 1, transposeB: pick(0, 1) === 1 }, seed++);
    }
  });

  it.each([
    { m: 0, k: 3, n: 4 },
    { m: 3, k: 0, n: 4 },
    { m: 3, k: 4, n: 0 },
    { m: 1, k: 1700, n: 9 },
    { m: 130, k: 3, n: 1 },
  ])('$m by $k by $n', (sizes) => {
    for (const transposeB of [false, true])
      expectProduct({ ...sizes, outerA: [2], outerB: [1], transposeA: false, transposeB }, 2);
  });

  it('unequal inner sizes are refused', () => {
    expect(() => tf.tidy(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3])))).toThrow(/inner/i);
  });
});
