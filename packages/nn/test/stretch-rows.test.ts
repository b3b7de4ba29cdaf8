import { describeBackends, expectClose, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { stretchRows } from '../src/index.ts';

/** Of `torch.nn.functional.interpolate`, torch 2.13, bicubic with `align_corners`, in double precision. */
const cases: readonly (readonly [to: number, rows: readonly number[]])[] = [
  [7, [1, 3, -1.0625, 3.375, -2, 3, 1.046875, 0.71875, 4, -1, 2.8125, 0.125, 0.5, 2]],
  [3, [1, 3, 1.046875, 0.71875, 0.5, 2]],
];

describeBackends('stretchRows', () => {
  test.each(cases)('to %i rows is as in PyTorch', async (to, want) => {
    const x = tf.tensor3d([1, 3, -2, 3, 4, -1, 0.5, 2, 1, 3, -2, 3, 4, -1, 0.5, 2], [2, 4, 2]);
    await expectNoLeak(async () => expectClose(await valuesOf(() => stretchRows(x, to)), [...want, ...want], 1e-6));
    expect(stretchRows(x, 4)).toBe(x);
    x.dispose();
  });

  test('refuses fewer than two rows', () => {
    tf.tidy(() => {
      for (const [from, to] of [
        [1, 3],
        [3, 1],
        [3, 2.5],
      ] as const)
        expect(() => stretchRows(tf.zeros([1, from, 2]), to)).toThrow(
          expect.objectContaining({ code: 'INPUT_INVALID' }),
        );
    });
  });
});
