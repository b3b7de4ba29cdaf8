import { initializeModel, logSoftmax, trainingBatchNorm } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectNoLeak, imageBatch, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { smallCnn, type SmallCnnConfig, smallCnnSpec } from '../src/index.ts';

beforeAll(enableAutodiff);

const config: SmallCnnConfig = { widths: [4, 8], dim: 3 };
const data = Float32Array.from({ length: 4 * 3 * 12 * 10 }, (_, i) => Math.sin(i * i));
const batch = imageBatch({ shape: [4, 3, 12, 10], data });

describeBackends('smallCnn', () => {
  test('learns to tell its images apart', async () => {
    await expectNoLeak(async () => {
      using model = initializeModel(smallCnnSpec(config), 1);
      const { forward, variables } = smallCnn(config, model.params, { normalize: trainingBatchNorm() });
      const trainable = variables.filter((variable) => variable.trainable);
      const optimizer = tf.train.sgd(0.1);
      const target = [0, 1, 2, 0];
      const step = () =>
        tf.tidy(() => {
          const loss = () => {
            const chosen = tf.oneHot(tf.tensor1d(target, 'int32'), 3);
            return tf.neg<tf.Scalar>(tf.mean(tf.sum(tf.mul(logSoftmax(forward(batch)), chosen), 1)));
          };
          const { value, grads } = tf.variableGrads(loss, trainable);
          optimizer.applyGradients(grads);
          return value.dataSync()[0]!;
        });
      const losses = Array.from({ length: 60 }, step);
      expect(losses.at(-1)!).toBeLessThan(0.1 * losses[0]!);
      optimizer.dispose();
    });
  });

  test('gives a row of an image whatever else is in the batch', async () => {
    using model = initializeModel(smallCnnSpec(config), 1);
    const { forward } = smallCnn(config, model.params);
    const all = await valuesOf(() => forward(batch));
    const one = await valuesOf(() => forward({ pixels: batch.pixels.slice(0, 360), shape: [1, 12, 10, 3] }));
    one.forEach((v, i) => expect(v).toBeCloseTo(all[i]!, 6));
  });
});
