import { type ImageBatch, seededRandom } from '@diptych/core';
import { gatherRows, initializeModel } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectGradients, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { featureBag } from '../src/feature-bag.ts';
import { imageSpec, imageEncoder } from '../src/image-encoder.ts';
import { textFeatures } from '../src/text-features.ts';
import { textSpec, textEncoder } from '../src/text-encoder.ts';

const config = {
  dim: 8,
  text: { buckets: 300, width: 12, hidden: 16 },
  image: { size: 32, stem: 4, widths: [6, 8, 10], blocks: [1, 2, 1] },
};

beforeAll(enableAutodiff);

function noise(n: number, size: number): ImageBatch {
  const random = seededRandom(5);
  const pixels = Float32Array.from({ length: n * size * size * 3 }, () => 2 * random() - 1);
  return { pixels, shape: [n, size, size, 3] };
}

describeBackends('the towers', () => {
  it('a bag is the sum of rows over the root of their number', async () => {
    const batch = await textFeatures(300)(['red cat cat', '', 'dog']);
    await expectNoLeak(() =>
      tf.tidy(() => {
        const table = tf.randomNormal<tf.Rank.R2>([300, 12], 0, 1, 'float32', 3);
        const rows = [0, 1, 2].map((text) => {
          const [start, end] = [text * batch.shape[1], (text + 1) * batch.shape[1]];
          const ids = batch.ids.slice(start, end).filter((_, i) => batch.mask[start + i]);
          if (ids.length === 0) return tf.zeros<tf.Rank.R1>([12]);
          return tf.div<tf.Tensor1D>(tf.sum(gatherRows(table, ids), 0), Math.sqrt(ids.length));
        });
        expectClose(featureBag(table, batch).dataSync(), tf.stack(rows).dataSync(), 1e-5);
      }),
    );
  });

  it('texts do not depend on what they are embedded with', async () => {
    await expectNoLeak(async () => {
      using model = initializeModel(textSpec(config), 1);
      const encoder = textEncoder(config, model.params);
      const tokens = textFeatures(300);
      const [together, alone] = await Promise.all([tokens(['a long name of a cat', 'dog']), tokens(['dog'])]);
      tf.tidy(() => {
        const rows = encoder.forward(together);
        expect(rows.shape).toEqual([2, 8]);
        expectClose(rows.dataSync().slice(8), encoder.forward(alone).dataSync(), 1e-5);
      });
    });
  });

  it('pictures become rows in order, of any size that divides', async () => {
    await expectNoLeak(() => {
      using model = initializeModel(imageSpec(config), 1);
      const encoder = imageEncoder(config, model.params);
      tf.tidy(() => {
        const batch = noise(3, 32);
        const rows = encoder.forward(batch);
        expect(rows.shape).toEqual([3, 8]);
        const last = { pixels: batch.pixels.subarray(2 * 32 * 32 * 3), shape: [1, 32, 32, 3] as const };
        expectClose(rows.dataSync().slice(16), encoder.forward(last).dataSync(), 1e-5);
        expect(encoder.forward(noise(1, 64)).shape).toEqual([1, 8]);
      });
    });
  });

  it('every array gets its gradient', async () => {
    const texts = await textFeatures(300)(['a cat', 'two dogs']);
    await expectNoLeak(async () => {
      using model = initializeModel({ text: textSpec(config), image: imageSpec(config) }, 1);
      const [text, image] = [textEncoder(config, model.params.text), imageEncoder(config, model.params.image)];
      const loss = () => tf.sum<tf.Scalar>(tf.mul(text.forward(texts), image.forward(noise(2, 32))));
      await expectGradients(loss, [...model.variables.values()]);
      tf.tidy(() => {
        const { grads } = tf.variableGrads(loss);
        const still = [...model.variables].filter(([, { name }]) => !(tf.sum(tf.abs(grads[name]!)).dataSync()[0]! > 0));
        expect(still.map(([path]) => path)).toEqual([]);
      });
    });
  });
});
