import { type ImageBatch, seededRandom } from '@diptych/core';
import { initializeModel, trainingBatchNorm } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { smallCnn, smallCnnSpec } from '../src/index.ts';
import { fewAtOnce } from '../src/few-at-once.ts';

beforeAll(enableAutodiff);

/** Five images of which two fit at once. */
function images(): ImageBatch {
  const random = seededRandom(1);
  const shape = [5, 500, 400, 3] as const;
  return { pixels: Float32Array.from({ length: 5 * 500 * 400 * 3 }, random), shape };
}

/** Mean of each image's channels, and how many images came at once. */
function means(counts: number[]) {
  return ({ pixels, shape }: ImageBatch) => {
    counts.push(shape[0]);
    return tf.mean<tf.Tensor2D>(tf.tensor4d(pixels, [...shape]), [1, 2]);
  };
}

describeBackends('a few images at once', () => {
  test('give the rows of all at once, in order', async () => {
    const [few, all]: [number[], number[]] = [[], []];
    const batch = images();
    await expectNoLeak(async () => {
      const rows = await valuesOf(() => fewAtOnce(batch, means(few)));
      expect(rows).toEqual(await valuesOf(() => means(all)(batch)));
    });
    expect([few, all]).toEqual([[1, 2, 2], [5]]);
  });

  test('are all images under a gradient and for norms of the whole batch', async () => {
    const counts: number[] = [];
    const batch = images();
    await valuesOf(() => fewAtOnce(batch, means(counts), { normalize: trainingBatchNorm() }));
    const slope = (x: tf.Tensor) => tf.mul(x, fewAtOnce(batch, means(counts)));
    await valuesOf(() => tf.grad(slope)(tf.scalar(1)));
    expect(counts).toEqual([5, 5]);
  });

  test('are refused with a number of pixels that is not that of their shape', async () => {
    using model = initializeModel(smallCnnSpec({ widths: [2], dim: 2 }), 1);
    const { forward } = smallCnn({ widths: [2], dim: 2 }, model.params);
    const { pixels } = images();
    expect(() => tf.tidy(() => forward({ pixels, shape: [4, 500, 400, 3] }))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
  });
});
