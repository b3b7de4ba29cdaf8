import { type ImageBatch, seededRandom } from '@diptych/core';
import { initializeModel, type ParamsOf } from '@diptych/nn';
import { enableAutodiff } from '@diptych/nn/autodiff';
import { describeBackends, expectClose, expectGradients, expectNoLeak, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  type MobileNetV1,
  mobileNetV1,
  type MobileNetV1Config,
  mobileNetV1Config,
  mobileNetV1Spec,
} from '../src/index.ts';

const small: MobileNetV1Config = {
  stemWidth: 4,
  blocks: [
    { outputs: 6, stride: 1 },
    { outputs: 8, stride: 2 },
    { outputs: 8, stride: 2 },
  ],
  batchNormEpsilon: 1e-3,
};

const images = (height: number, width: number): ImageBatch => {
  const random = seededRandom(3);
  return {
    pixels: Float32Array.from({ length: 2 * height * width * 3 }, () => 2 * random() - 1),
    shape: [2, height, width, 3],
  };
};

/** A model whose norms have statistics of their own. */
function trained(config: MobileNetV1Config) {
  const model = initializeModel(mobileNetV1Spec(config), 1);
  const random = seededRandom(2);
  for (const [path, variable] of model.variables) {
    if (!path.includes('norm.')) continue;
    const values = Float32Array.from({ length: variable.size }, () => 0.5 + random());
    tf.tidy(() => variable.assign(tf.tensor1d(values)));
  }
  return model;
}

/** The same network by the operations and the padding of TensorFlow. */
function reference(params: ParamsOf<MobileNetV1>, { pixels, shape }: ImageBatch): tf.Tensor {
  type Norm = ParamsOf<MobileNetV1>['stem']['norm'];
  const normed = (x: tf.Tensor4D, { runningMean, runningVariance, bias, weight }: Norm) =>
    tf.relu6(tf.batchNorm4d(x, runningMean, runningVariance, bias, weight, small.batchNormEpsilon));
  const { stem, blocks } = params;
  let x = normed(tf.conv2d(tf.tensor4d(pixels, [...shape]), stem.conv.weight, 2, 'same'), stem.norm);
  blocks.forEach(({ depthwise, pointwise }, i) => {
    const { stride } = small.blocks[i]!;
    x = normed(tf.depthwiseConv2d(x, depthwise.conv.weight, stride, 'same'), depthwise.norm);
    x = normed(tf.conv2d(x, pointwise.conv.weight, 1, 'same'), pointwise.norm);
  });
  return tf.mean(x, [1, 2]);
}

describeBackends('mobileNetV1', () => {
  test.each([
    [32, 32],
    [33, 46],
    [5, 7],
  ])('pads images of %i x %i as TensorFlow does', async (height, width) => {
    await expectNoLeak(async () => {
      using model = trained(small);
      const batch = images(height, width);
      const rows = await valuesOf(() => mobileNetV1(small, model.params).forward(batch));
      expectClose(rows, await valuesOf(() => reference(model.params, batch)), 1e-5);
    });
  });

  test('has the gradient of everything but the statistics', async () => {
    await enableAutodiff();
    await expectNoLeak(async () => {
      using model = trained(small);
      const encoder = mobileNetV1(small, model.params);
      const learned = encoder.variables.filter(({ trainable }) => trainable);
      expect(learned).toHaveLength(3 * (1 + 2 * small.blocks.length));
      await expectGradients(() => tf.sum(tf.square(encoder.forward(images(16, 16)))), learned);
    });
  });

  test('refuses images that are not RGB', () => {
    using model = initializeModel(mobileNetV1Spec(small), 1);
    const { forward } = mobileNetV1(small, model.params);
    const grey: ImageBatch = { pixels: new Float32Array(64), shape: [1, 8, 8, 1] };
    expect(() => forward(grey)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});

test('the width multiplier scales every layer, rounding down', () => {
  const widths = (alpha: number) => {
    const { stemWidth, blocks } = mobileNetV1Config(alpha);
    return [stemWidth, ...blocks.map(({ outputs }) => outputs)];
  };
  expect(widths(0.75)).toEqual([24, 48, 96, 96, 192, 192, 384, 384, 384, 384, 384, 384, 768, 768]);
  expect(widths(0.35).slice(0, 4)).toEqual([11, 22, 44, 44]);
});
