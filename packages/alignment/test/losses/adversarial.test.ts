import { describeGolden } from '@diptych/golden';
import { initializeModel } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  dannLearningRate,
  dannWeight,
  discriminate,
  modalityDiscriminatorSpec,
  modalityLoss,
  reverseGradient,
} from '../../src/index.ts';
import { lossOracle } from './oracle.ts';

beforeAll(enableAutodiff);

describeGolden('the schedule of DANN', () => {
  it('equals the reference', async () => {
    const { dann_lambda_schedule: weights, dann_lr_schedule: rates } = await lossOracle();
    expectClose(
      weights.p.map((p) => dannWeight(p)),
      weights.lambda,
      1e-15,
    );
    expectClose(
      rates.p.map((p) => dannLearningRate(rates.mu0, p)),
      rates.lr,
      1e-17,
    );
  });
});

describeBackends('adversarial alignment', () => {
  it('reverses the gradient of rows and leaves the value', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad((x) => tf.sum(tf.mul(reverseGradient(x, 0.5), [3, 4])))(
          tf.tensor1d([1, 2]),
        );
        expect(value.dataSync()).toEqual(Float32Array.of(11));
        expect(grad.dataSync()).toEqual(Float32Array.of(-1.5, -2));
      });
    });
  });

  it('starts where the discriminator can only guess, whatever the sizes', async () => {
    await expectNoLeak(() => {
      using model = initializeModel(modalityDiscriminatorSpec(4, 3), 1);
      tf.tidy(() => {
        const loss = modalityLoss(tf.zeros([5, 4]), tf.zeros([2, 4]), (rows) => discriminate(model.params, rows));
        expectClose(loss.dataSync(), [Math.LN2], 1e-6);
      });
    });
  });
});
