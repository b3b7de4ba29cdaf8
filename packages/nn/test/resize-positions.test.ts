import { describeGolden } from '@diptych/golden';
import { describeBackends, expectClose, expectLayer, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import { type Grid, type PositionResize, resizePositions } from '../src/index.ts';
import { resizeMatrix } from '../src/layers/resize-matrix.ts';

beforeAll(enableAutodiff);

const cases: [name: string, how: PositionResize][] = [
  ['posembed_bicubic_hf', 'hf'],
  ['posembed_bicubic_openclip', 'open_clip'],
];

describeGolden('resizePositions', () => {
  describeBackends('resizePositions', () => {
    test.each(cases)('%s and its gradient are exact', async (name, how) => {
      // [1, channels, rows, columns] in the file, [rows * columns, channels] here
      await expectLayer(name, ({ x }) => {
        const positions = tf.transpose(tf.reshape<tf.Rank.R2>(x!, [4, 9]));
        const resized = (to: Grid) => {
          const rows = resizePositions(positions, [3, 3], to, how);
          return tf.reshape(tf.transpose(rows), [1, 4, ...to]);
        };
        return { y: resized([5, 4]), down: resized([2, 2]) };
      });
    });
  });
});

describeBackends('resizePositions', () => {
  test('keeps constants, and hands back the same tensor for the same grid', async () => {
    const ones = tf.ones<tf.Rank.R2>([6, 2]);
    expect(resizePositions(ones, [2, 3], [2, 3], 'hf')).toBe(ones);
    await expectNoLeak(async () => {
      for (const how of ['hf', 'open_clip'] as const) {
        const rows = await valuesOf(() => resizePositions(ones, [2, 3], [5, 1], how));
        expectClose(rows, new Float32Array(10).fill(1), 1e-6);
      }
    });
    ones.dispose();
  });
});

test('weights of a resize to the same size are the identity', () => {
  for (const antialias of [false, true]) {
    expectClose(resizeMatrix(3, 3, { a: -0.5, antialias }), [1, 0, 0, 0, 1, 0, 0, 0, 1], 0);
  }
});
