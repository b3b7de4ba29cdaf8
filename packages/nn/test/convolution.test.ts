import { describeGolden } from '@diptych/golden';
import { describeBackends, expectClose, expectLayer, expectNoLeak } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { enableAutodiff } from '../src/autodiff.ts';
import {
  averagePool,
  batchNorm,
  batchNormSpec,
  conv2d,
  type ConvOptions,
  depthwiseConv2d,
  initializeModel,
  maxPool,
  trainingBatchNorm,
} from '../src/index.ts';

beforeAll(enableAutodiff);

/** PyTorch's `[n, channels, height, width]` to ours. */
const ours = (x: tf.Tensor | undefined) => tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]);
const theirs = (x: tf.Tensor4D) => tf.transpose(x, [0, 3, 1, 2]);
const vector = (x: tf.Tensor | undefined) => x as tf.Tensor1D;

describeGolden('convolution', () => {
  describeBackends('convolution', () => {
    test('conv2d and its gradient are exact', async () => {
      await expectLayer('conv2d_s2p1', ({ x, weight, bias }) => {
        const params = { weight: tf.transpose(weight as tf.Tensor4D, [2, 3, 1, 0]), bias: vector(bias) };
        return { y: theirs(conv2d(params, ours(x), { stride: 2, padding: 1 })) };
      });
    });

    test('a filter as large as its stride drops what is left over', async () => {
      await expectLayer('conv2d_patch', ({ x, weight }) => {
        return {
          y: theirs(conv2d({ weight: tf.transpose(weight as tf.Tensor4D, [2, 3, 1, 0]) }, ours(x), { stride: 4 })),
        };
      });
    });

    test('depthwiseConv2d and its gradient are exact', async () => {
      await expectLayer('conv2d_depthwise_dil2', ({ x, weight, bias }) => {
        const params = { weight: tf.transpose(weight as tf.Tensor4D, [2, 3, 0, 1]), bias: vector(bias) };
        return { y: theirs(depthwiseConv2d(params, ours(x), { padding: 2, dilation: 2 })) };
      });
    });

    test('batchNorm is exact', async () => {
      await expectLayer('batchnorm2d_eval', ({ x, weight, bias, running_mean: mean, running_var: variance }) => {
        const affine = { weight: vector(weight), bias: vector(bias) };
        const params = { ...affine, runningMean: vector(mean), runningVariance: vector(variance) };
        return { y: theirs(batchNorm(params, ours(x), 1e-5)) };
      });
    });

    test('trainingBatchNorm, its gradient and its running statistics are exact', async () => {
      await expectLayer('batchnorm2d_train', ({ x, weight, bias }) => {
        const [runningMean, runningVariance] = [tf.variable(tf.zeros([4])), tf.variable(tf.ones([4]))];
        const affine = { weight: vector(weight), bias: vector(bias) };
        const params = { ...affine, runningMean: vector(runningMean), runningVariance: vector(runningVariance) };
        const y = theirs(trainingBatchNorm(0.1)(params, ours(x), 1e-5));
        const [mean, variance] = [tf.clone(runningMean), tf.clone(runningVariance)];
        runningMean.dispose();
        runningVariance.dispose();
        return { y, running_mean: mean, running_var: variance };
      });
    });

    test('maxPool and its gradient are exact', async () => {
      await expectLayer('maxpool_3x3_s2_p1', ({ x }) => ({
        y: theirs(maxPool(ours(x), 3, { stride: 2, padding: 1 })),
      }));
    });

    test('averagePool and its gradient are exact', async () => {
      await expectLayer('avgpool_2', ({ x }) => ({ y: theirs(averagePool(ours(x), 2)) }));
    });
  });
});

describeBackends('gradients of convolutions', () => {
  const wave = (shape: [number, number, number, number], phase: number) => {
    const size = tf.util.sizeFromShape(shape);
    return tf.tensor4d(
      Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + phase)),
      shape,
    );
  };
  const cases: [size: number, options: ConvOptions][] = [
    [1, { stride: 2 }],
    [2, { stride: 2 }],
    [3, { stride: 2, padding: 1 }],
    [3, { stride: 1, padding: 1 }],
    [5, { stride: 2, padding: 2 }],
  ];

  test.each(cases)('of size %i with %o agree with finite differences', async (size, options) => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const [x, weight] = [wave([2, 7, 6, 3], 0), wave([size, size, 3, 2], 1)];
        const filters = wave([size, size, 3, 1], 2);
        expectSlope((a, b) => conv2d({ weight: b }, a, options), x, weight);
        if (size > 1) expectSlope((a, b) => depthwiseConv2d({ weight: b }, a, options), x, filters);
      });
    });
  });
});

describeBackends('batch norm while training', () => {
  test('refuses one value a channel, or none, as PyTorch does, and keeps its statistics', async () => {
    using model = initializeModel(batchNormSpec(3), 1);
    await expectNoLeak(() => {
      for (const shape of [
        [1, 1, 1, 3],
        [0, 4, 4, 3],
      ] as const) {
        const one = () => tf.tidy(() => trainingBatchNorm()(model.params, tf.ones<tf.Rank.R4>([...shape]), 1e-5));
        expect(one).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
      }
      expect([...model.params.runningVariance.dataSync()]).toEqual([1, 1, 1]);
      const two = () => tf.tidy(() => trainingBatchNorm()(model.params, tf.ones<tf.Rank.R4>([2, 1, 1, 3]), 1e-5));
      two().dispose();
      expectClose(model.params.runningVariance.dataSync(), [0.9, 0.9, 0.9], 1e-6);
    });
  });
});

test('running statistics are variables that no optimiser moves', () => {
  using model = initializeModel(batchNormSpec(2), 1);
  const trainable = [...model.variables].map(([path, variable]) => [path, variable.trainable]);
  expect(trainable).toEqual([
    ['weight', true],
    ['bias', true],
    ['runningMean', false],
    ['runningVariance', false],
  ]);
});

/** A convolution is linear in each argument, so the slope along a direction is a difference, whatever the step. */
function expectSlope(
  forward: (x: tf.Tensor4D, weight: tf.Tensor4D) => tf.Tensor4D,
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
): void {
  const dy = tf.cos(forward(x, weight));
  const along = (y: tf.Tensor) => tf.sum(tf.mul(y, dy)).dataSync()[0]!;
  const [dx, dw] = tf.grads((a, b) => forward(a as tf.Tensor4D, b as tf.Tensor4D))([x, weight], dy) as [
    tf.Tensor4D,
    tf.Tensor4D,
  ];
  const [turnX, turnW] = [tf.cos(x), tf.cos(weight)];
  const dot = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!;
  expectClose([dot(dx, turnX), dot(dw, turnW)], [along(forward(turnX, weight)), along(forward(x, turnW))], 1e-4);
}
