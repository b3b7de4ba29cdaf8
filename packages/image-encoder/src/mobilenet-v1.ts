import { type Encoder, expectMembers, type ImageBatch } from '@diptych/core';
import { batchNorm, batchNormSpec, depthwiseConv2dSpec, globalAveragePool, inTurn, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  type ConvNetOptions,
  type ConvUnit,
  convUnit,
  convUnitSpec,
  type DepthwiseUnit,
  depthwiseUnit,
} from './conv-unit.ts';
import { convNet } from './folded-units.ts';
import { pixelsOf } from './image-batch.ts';

type Stride = 1 | 2;

/** MobileNet of Howard et al. 2017, arXiv:1704.04861, without its classifier. */
export interface MobileNetV1Config {
  /** Channels after the first convolution. */
  readonly stemWidth: number;
  /** Channels that each block gives and the stride of its depthwise filters. An embedding is as long as the last. */
  readonly blocks: readonly { readonly outputs: number; readonly stride: Stride }[];
  /** Added to the variance of batch norms. */
  readonly batchNormEpsilon: number;
}

/** Filters of single channels, then of single pixels, each with its norm. */
type SeparableBlock = {
  readonly depthwise: DepthwiseUnit;
  readonly pointwise: ConvUnit;
};

export type MobileNetV1 = { readonly stem: ConvUnit; readonly blocks: readonly SeparableBlock[] };

/** Table 1 of the paper. */
const paperBlocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

/**
 * The paper's network with Keras's epsilon.
 *
 * @param alpha Width multiplier, the share of the paper's channels that every layer has. Published: 0.25, 0.5, 0.75, 1.
 */
export function mobileNetV1Config(alpha: number): MobileNetV1Config {
  return {
    stemWidth: Math.trunc(32 * alpha),
    blocks: paperBlocks.map(([channels, stride]) => ({ outputs: Math.trunc(channels * alpha), stride })),
    batchNormEpsilon: 1e-3,
  };
}

export function mobileNetV1Spec(config: MobileNetV1Config): MobileNetV1 {
  const { stemWidth, blocks } = expectMembers(config, 'config', 'stemWidth', 'blocks');
  const inputs = [stemWidth, ...blocks.map(({ outputs }) => outputs)];
  return {
    stem: convUnitSpec(3, 3, stemWidth),
    blocks: blocks.map(({ outputs }, i) => ({
      depthwise: { conv: depthwiseConv2dSpec(3, inputs[i]!), norm: batchNormSpec(inputs[i]!) },
      pointwise: convUnitSpec(1, inputs[i]!, outputs),
    })),
  };
}

/** Images of any size to the mean of the last feature map; pixels in `[-1, 1]`. */
export function mobileNetV1(
  config: MobileNetV1Config,
  params: ParamsOf<MobileNetV1>,
  options: ConvNetOptions = {},
): Encoder<ImageBatch> {
  const { stemWidth, blocks, batchNormEpsilon } = expectMembers(
    config,
    'config',
    'stemWidth',
    'blocks',
    'batchNormEpsilon',
  );
  const { normalize = batchNorm } = options;
  const normalization = { normalize, epsilon: batchNormEpsilon };
  const ends = { activation: tf.relu6 };
  const separable = ({ depthwise, pointwise }: ParamsOf<SeparableBlock>, x: tf.Tensor4D, stride: Stride) => {
    const around = stride === 1 ? { padding: 1 } : { padding: 0, stride };
    const filtered = depthwiseUnit(depthwise, samePadding(x, stride), normalization, { ...around, ...ends });
    return convUnit(pointwise, filtered, normalization, ends);
  };
  const forward = (given: ParamsOf<MobileNetV1>, few: ImageBatch) => {
    const steps = [
      (x: tf.Tensor4D) => convUnit(given.stem, samePadding(x, 2), normalization, { stride: 2, padding: 0, ...ends }),
      ...given.blocks.map((block, i) => (x: tf.Tensor4D) => separable(block, x, blocks[i]!.stride)),
    ];
    return globalAveragePool(inTurn(steps, pixelsOf(few)));
  };
  const dim = blocks.at(-1)?.outputs ?? stemWidth;
  return convNet({ dim, params, epsilon: batchNormEpsilon, forward }, options);
}

/** Zeros as TensorFlow's `same` puts them for a filter of size 3 that skips: an odd one at the right and at the bottom. */
function samePadding(x: tf.Tensor4D, stride: Stride): tf.Tensor4D {
  if (stride === 1) return x;
  const around = (size: number): [before: number, after: number] => {
    const zeros = Math.max(0, (Math.ceil(size / stride) - 1) * stride + 3 - size);
    return [Math.floor(zeros / 2), Math.ceil(zeros / 2)];
  };
  return tf.pad(x, [[0, 0], around(x.shape[1]), around(x.shape[2]), [0, 0]]);
}
