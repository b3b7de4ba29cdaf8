import { describeGolden } from '@diptych/golden';
import { activation, type BatchNorm, batchNorm, type BiasedConv2d, loadModel, type ParamsOf } from '@diptych/nn';
import {
  describeBackends,
  expectClose,
  expectLayer,
  expectNoLeak,
  imageBatch,
  numbers,
  openGolden,
  readTensors,
  valuesOf,
} from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { ConvUnit } from '../src/conv-unit.ts';
import { applyConv } from '../src/folded-conv.ts';
import {
  mobileNet,
  type MobileNetConfig,
  mobileNetSpec,
  torchvisionMobileNetV2Names,
  torchvisionMobileNetV3Names,
  torchvisionVggNames,
  vgg,
  type VggConfig,
  vggSpec,
} from '../src/index.ts';
import { invertedResidual } from '../src/inverted-residual.ts';
import { foldMobileOne } from '../src/mobileone.ts';

type Weights = Readonly<Record<string, tf.Tensor>>;

const file = 'oracles/mobile_blocks.safetensors';
const ours = (x: tf.Tensor | undefined) => tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]);
const theirs = (x: tf.Tensor4D) => tf.transpose(x, [0, 3, 1, 2]);
const dense = [2, 3, 1, 0];
const depthwise = [2, 3, 0, 1];

describeGolden('mobile blocks', () => {
  describeBackends('mobile blocks', () => {
    test('the branches of MobileOne fold into one convolution', async () => {
      const forward = ({ x, ...weights }: Weights) => {
        const params = {
          identity: normOf(weights, 'id.bn'),
          branches: [unitOf(weights, 'k3.conv', 'k3.bn', depthwise)],
          scale: unitOf(weights, 'k1.conv', 'k1.bn', depthwise),
        };
        const folded = foldMobileOne(params, 'depthwise');
        return {
          y: theirs(applyConv(folded, ours(x), 'depthwise')),
          // [size, size, channels, 1] to [channels, 1, size, size]
          fused_weight: tf.transpose(folded.weight, [2, 3, 0, 1]),
          fused_bias: folded.bias,
        };
      };
      await expectLayer('mobileone', forward, { file });
    });

    test('the inverted residual of MobileNet v2 is exact', async () => {
      const forward = ({ x, ...weights }: Weights) => {
        const params = {
          expand: unitOf(weights, 'conv.0.0', 'conv.0.1', dense),
          depthwise: unitOf(weights, 'conv.1.0', 'conv.1.1', depthwise),
          project: unitOf(weights, 'conv.2', 'conv.3', dense),
        };
        const normalization = { normalize: batchNorm, epsilon: 1e-5 };
        const options = { activation: activation('relu6'), stride: 1, normalization } as const;
        return { y: theirs(invertedResidual(params, ours(x), options)) };
      };
      await expectLayer('mobilenetv2_block', forward, { file });
    });

    test('the block of MobileNet v3 with squeeze and excitation is exact', async () => {
      const forward = ({ x, ...weights }: Weights) => {
        const params = {
          expand: unitOf(weights, 'block.0.0', 'block.0.1', dense),
          depthwise: unitOf(weights, 'block.1.0', 'block.1.1', depthwise),
          excite: { fc1: biasedOf(weights, 'block.2.fc1'), fc2: biasedOf(weights, 'block.2.fc2') },
          project: unitOf(weights, 'block.3.0', 'block.3.1', dense),
        };
        const normalization = { normalize: batchNorm, epsilon: 1e-3 };
        const options = { activation: activation('hardswish'), stride: 2, normalization } as const;
        return { y: theirs(invertedResidual(params, ours(x), options)) };
      };
      await expectLayer('mobilenetv3_se_block', forward, { file });
    });
  });
});

const v2: MobileNetConfig = {
  stemWidth: 8,
  blocks: [
    { size: 3, expanded: 8, outputs: 8, squeezed: 0, activation: 'relu6', stride: 1 },
    { size: 3, expanded: 24, outputs: 8, squeezed: 0, activation: 'relu6', stride: 2 },
    { size: 3, expanded: 24, outputs: 8, squeezed: 0, activation: 'relu6', stride: 1 },
  ],
  dim: 20,
  activation: 'relu6',
  batchNormEpsilon: 1e-5,
};
const v3: MobileNetConfig = {
  stemWidth: 8,
  blocks: [
    { size: 3, expanded: 8, outputs: 8, squeezed: 8, activation: 'relu', stride: 2 },
    { size: 3, expanded: 24, outputs: 16, squeezed: 0, activation: 'relu', stride: 2 },
    { size: 5, expanded: 32, outputs: 16, squeezed: 8, activation: 'hardswish', stride: 1 },
  ],
  dim: 96,
  activation: 'hardswish',
  batchNormEpsilon: 1e-3,
};
const smallVgg: VggConfig = { imageSize: 16, stages: [[4], [8, 8]], dim: 16 };

const goldens = {
  mobilenet_v2: new URL('golden/mobilenet_v2.safetensors', import.meta.url),
  mobilenet_v3: new URL('golden/mobilenet_v3.safetensors', import.meta.url),
  vgg: new URL('golden/vgg.safetensors', import.meta.url),
};
const isWeight = (name: string) => /^(features|classifier)\./.test(name);

describeBackends('networks of torchvision', () => {
  test.each([
    ['mobilenet_v2', v2, torchvisionMobileNetV2Names(v2)],
    ['mobilenet_v3', v3, torchvisionMobileNetV3Names(v3)],
  ] as const)('%s gives its pooled features', async (name, config, names) => {
    const expected = await readTensors(goldens[name]);
    const checkpoint = await openGolden(goldens[name], isWeight);
    await expectNoLeak(async () => {
      using model = await loadModel(mobileNetSpec(config), checkpoint, names);
      const batch = imageBatch(expected.get('in.pixel_values')!);
      const rows = await valuesOf(() => mobileNet(config, model.params).forward(batch));
      expectClose(rows, numbers(expected, 'rows'), 1e-5);
    });
  });

  test('vgg gives what its last layer is given, and refuses other sizes', async () => {
    const expected = await readTensors(goldens.vgg);
    const checkpoint = await openGolden(goldens.vgg, isWeight);
    await expectNoLeak(async () => {
      using model = await loadModel(vggSpec(smallVgg), checkpoint, torchvisionVggNames(smallVgg));
      const { forward } = vgg(smallVgg, model.params);
      const batch = imageBatch(expected.get('in.pixel_values')!);
      expectClose(await valuesOf(() => forward(batch)), numbers(expected, 'rows'), 1e-5);
      const wide = { ...batch, shape: [1, 16, 32, 3] } as const;
      expect(() => forward(wide)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    });
  });
});

function unitOf(weights: Weights, conv: string, norm: string, axes: number[]): ParamsOf<ConvUnit> {
  return {
    conv: { weight: tf.transpose(weights[`${conv}.weight`] as tf.Tensor4D, axes) },
    norm: normOf(weights, norm),
  };
}

function normOf(weights: Weights, name: string): ParamsOf<BatchNorm> {
  const vector = (key: string) => weights[`${name}.${key}`] as tf.Tensor1D;
  return {
    weight: vector('weight'),
    bias: vector('bias'),
    runningMean: vector('running_mean'),
    runningVariance: vector('running_var'),
  };
}

function biasedOf(weights: Weights, name: string): ParamsOf<BiasedConv2d> {
  return {
    weight: tf.transpose(weights[`${name}.weight`] as tf.Tensor4D, dense),
    bias: weights[`${name}.bias`] as tf.Tensor1D,
  };
}
