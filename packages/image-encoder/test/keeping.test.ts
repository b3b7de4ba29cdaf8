import type { Encoder, ImageBatch } from '@diptych/core';
import { initializeModel, type Model, type ParamsOf, type Spec } from '@diptych/nn';
import { describeBackends, expectNoLeak, imageBatch, valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import {
  clipResnet,
  clipResnetSpec,
  mobileNet,
  mobileNetSpec,
  mobileNetV1,
  mobileNetV1Spec,
  resnet,
  resnetSpec,
  smallCnn,
  smallCnnSpec,
} from '../src/index.ts';

const residual = { stemWidth: 4, widths: [8, 16], depths: [1, 2], block: 'bottleneck' } as const;
const clip = { imageSize: 32, width: 4, depths: [1, 1, 1, 1], heads: 2, dim: 6 };
const block = { size: 3, expanded: 16, outputs: 8, squeezed: 4, activation: 'hardswish', stride: 2 } as const;
const inverted = { stemWidth: 8, blocks: [block], dim: 12, activation: 'relu6', batchNormEpsilon: 1e-3 } as const;
const separable = { stemWidth: 4, blocks: [{ outputs: 6, stride: 2 }], batchNormEpsilon: 1e-3 } as const;
const small = { widths: [4, 8], dim: 5 };

interface Net extends Disposable {
  readonly variables: Model<Spec>['variables'];
  readonly encoder: Encoder<ImageBatch>;
}

function net<S extends Spec>(spec: S, make: (params: ParamsOf<S>) => Encoder<ImageBatch>): () => Net {
  return () => {
    const model = initializeModel(spec, 1);
    const { params, variables } = model;
    return { variables, encoder: make(params), [Symbol.dispose]: () => model.dispose() };
  };
}

const batch = imageBatch({ shape: [2, 3, 32, 32], data: Float32Array.from({ length: 6144 }, (_, i) => Math.sin(i)) });

describeBackends('an encoder that keeps its folded norms', () => {
  test.each([
    ['resnet', net(resnetSpec(residual), (params) => resnet(residual, params))],
    ['clipResnet', net(clipResnetSpec(clip), (params) => clipResnet(clip, params))],
    ['mobileNet', net(mobileNetSpec(inverted), (params) => mobileNet(inverted, params))],
    ['mobileNetV1', net(mobileNetV1Spec(separable), (params) => mobileNetV1(separable, params))],
    ['smallCnn', net(smallCnnSpec(small), (params) => smallCnn(small, params))],
  ])('%s gives the same bits, follows a norm that changes, and makes no tensor twice', async (_, open) => {
    await expectNoLeak(async () => {
      using opened = open();
      const { variables, encoder } = opened;
      using keeping = encoder.keeping!();
      const plain = await valuesOf(() => encoder.forward(batch));
      expect(await valuesOf(() => keeping.forward(batch))).toEqual(plain);
      const tensors = tf.memory().numTensors;
      expect(await valuesOf(() => keeping.forward(batch))).toEqual(plain);
      const [variance] = [...variables].flatMap(([path, own]) => (path.endsWith('runningVariance') ? [own] : []));
      tf.tidy(() => variance!.assign(tf.mul(variance!, 2)));
      const changed = await valuesOf(() => encoder.forward(batch));
      expect(changed).not.toEqual(plain);
      expect(await valuesOf(() => keeping.forward(batch))).toEqual(changed);
      expect(tf.memory().numTensors).toBe(tensors);
    });
  });

  test('is not kept where another has taken its place', () => {
    using opened = net(smallCnnSpec(small), (params) => smallCnn(small, params))();
    const { encoder } = opened;
    const other: Encoder<ImageBatch> = { ...encoder, forward: (images) => tf.abs(encoder.forward(images)) };
    expect([encoder.keeping === undefined, other.keeping]).toEqual([false, undefined]);
  });
});
