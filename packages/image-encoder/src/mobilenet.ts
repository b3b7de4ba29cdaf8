import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import { activation, batchNorm, globalAveragePool, inTurn, type ParamsOf } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { type ConvNetOptions, type ConvUnit, convUnit, convUnitSpec } from './conv-unit.ts';
import { convNet } from './folded-units.ts';
import {
  type InvertedResidual,
  invertedResidual,
  type InvertedResidualConfig,
  invertedResidualSpec,
} from './inverted-residual.ts';
import { pixelsOf } from './image-batch.ts';

/** MobileNet v2 or v3, without its classifier. */
export interface MobileNetConfig {
  /** Channels after the first convolution. */
  readonly stemWidth: number;
  readonly blocks: readonly InvertedResidualConfig[];
  /** Channels after the last convolution; the length of an embedding. */
  readonly dim: number;
  /** Of the first and the last convolution. */
  readonly activation: string;
  /** Added to the variance of batch norms: 1e-5 in v2, 1e-3 in v3. */
  readonly batchNormEpsilon: number;
}

export type MobileNet = {
  readonly stem: ConvUnit;
  readonly blocks: readonly InvertedResidual[];
  readonly last: ConvUnit;
};

export function mobileNetSpec(config: MobileNetConfig): MobileNet {
  const { stemWidth, blocks, dim } = expectMembers(config, 'config', 'stemWidth', 'blocks', 'dim');
  const inputs = [stemWidth, ...blocks.map(({ outputs }) => outputs)];
  return {
    stem: convUnitSpec(3, 3, stemWidth),
    blocks: blocks.map((block, i) => invertedResidualSpec(inputs[i]!, block)),
    last: convUnitSpec(1, inputs.at(-1)!, dim),
  };
}

/** Images of any size to the mean of the last feature map. */
export function mobileNet(
  config: MobileNetConfig,
  params: ParamsOf<MobileNet>,
  options: ConvNetOptions = {},
): Encoder<ImageBatch> {
  expectObjects({ config, params, options });
  const { normalize = batchNorm } = options;
  const normalization = { normalize, epsilon: config.batchNormEpsilon };
  const outer = activation(config.activation);
  const steps = config.blocks.map(({ activation: name, stride }) => {
    return { activation: activation(name), stride, normalization };
  });
  const forward = (given: ParamsOf<MobileNet>, few: ImageBatch) => {
    const blocks = steps.map((step, i) => (x: tf.Tensor4D) => invertedResidual(given.blocks[i]!, x, step));
    const stem = (x: tf.Tensor4D) => convUnit(given.stem, x, normalization, { stride: 2, activation: outer });
    const last = (x: tf.Tensor4D) => convUnit(given.last, x, normalization, { activation: outer });
    return globalAveragePool(inTurn([stem, ...blocks, last], pixelsOf(few)));
  };
  return convNet({ dim: config.dim, params, epsilon: config.batchNormEpsilon, forward }, options);
}

/** Size, expanded and output channels, squeezed channels, activation and stride: table 2 of arXiv:1905.02244. */
const smallBlocks = [
  [3, 16, 16, 8, 'relu', 2],
  [3, 72, 24, 0, 'relu', 2],
  [3, 88, 24, 0, 'relu', 1],
  [5, 96, 40, 24, 'hardswish', 2],
  [5, 240, 40, 64, 'hardswish', 1],
  [5, 240, 40, 64, 'hardswish', 1],
  [5, 120, 48, 32, 'hardswish', 1],
  [5, 144, 48, 40, 'hardswish', 1],
  [5, 288, 96, 72, 'hardswish', 2],
  [5, 576, 96, 144, 'hardswish', 1],
  [5, 576, 96, 144, 'hardswish', 1],
] as const;

export const mobileNetV3SmallConfig: MobileNetConfig = {
  stemWidth: 16,
  blocks: smallBlocks.map(([size, expanded, outputs, squeezed, name, stride]) => {
    return { size, expanded, outputs, squeezed, activation: name, stride };
  }),
  dim: 576,
  activation: 'hardswish',
  batchNormEpsilon: 1e-3,
};
