import { seededRandom } from '@diptych/core';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describePrecisions, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { barlowTwins } from '../../src/index.ts';
import { randomRows } from '../rows.ts';

beforeAll(enableAutodiff);

const [n, d] = [4, 9];
const rows = (seed: number) => tf.tensor2d(Float32Array.from(randomRows(n, d, seededRandom(seed)).data), [n, d]);

/** Value and gradients of rows that stand there so many times; all copies have the gradient together. */
function barlowOf(copies: number, redundancy?: number): number[] {
  return tf.tidy(() => {
    const loss = (a: tf.Tensor, b: tf.Tensor) =>
      barlowTwins(tf.tile(a as tf.Tensor2D, [copies, 1]), tf.tile(b as tf.Tensor2D, [copies, 1]), redundancy);
    const { value, grads } = tf.valueAndGrads(loss)([rows(1), rows(2)]);
    return [value, ...grads].flatMap((one) => [...one.dataSync()]);
  });
}

describePrecisions({ double: 1e-12, single: 1e-5 }, (run, tolerance) => {
  // Fewer rows than columns are multiplied the other way round.
  it.each([5e-3, 0.3, 1])('barlowTwins of few rows is that of the same rows again and again, by %d', async (by) => {
    await expectNoLeak(() => {
      const [few, many] = [1, 4].map((copies) => run(() => barlowOf(copies, by)));
      const largest = Math.max(...many!.map(Math.abs));
      expect(largest).toBeGreaterThan(0.1);
      expectClose(few!, many!, tolerance * largest);
    });
  });

  it('barlowTwins of a column that never varies has finite gradients', async () => {
    await expectNoLeak(() => {
      const slopes = run(() =>
        tf.tidy(() => {
          const constant = tf.mul<tf.Tensor2D>(rows(1), tf.tensor1d([0, ...Array.from({ length: d - 1 }, () => 1)]));
          return [
            ...tf
              .grad((b) => barlowTwins(constant, b as tf.Tensor2D))(rows(2))
              .dataSync(),
          ];
        }),
      );
      expect(slopes.every(Number.isFinite)).toBe(true);
    });
  });
});
