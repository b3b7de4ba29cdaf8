import type { Encoder, ImageBatch } from '@diptych/core';
import {
  batchNorm,
  type BatchNorm,
  batchNormSpec,
  conv2d,
  type Conv2d,
  conv2dSpec,
  depthwiseConv2d,
  type DepthwiseConv2d,
  depthwiseConv2dSpec,
  globalAveragePool,
  type ParamsOf,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';

/** MobileNet of Howard et al. 2017, arXiv:1704.04861, without its classifier. */
export interface MobileNetV1Config {
  /** Width multiplier: the share of the paper's channels that every layer has. Published: 0.25, 0.5, 0.75, 1. */
  readonly alpha: number;
  /** Added to the variance. Keras: 1e-3. */
  readonly batchNormEpsilon: number;
}

type Separable = {
  readonly depthwise: DepthwiseConv2d;
  readonly depthwiseNorm: BatchNorm;
  readonly pointwise: Conv2d;
  readonly pointwiseNorm: BatchNorm;
};

export type MobileNetV1 = {
  readonly stem: Conv2d;
  readonly stemNorm: BatchNorm;
  readonly blocks: readonly Separable[];
};

/** Channels that each block gives at alpha 1 and the stride of its depthwise filter: table 1 of the paper. */
const blocks = [
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

/** Channels and stride of the stem, then of every block. */
export function mobileNetV1Layers({ alpha }: Pick<MobileNetV1Config, 'alpha'>): readonly (readonly [number, 1 | 2])[] {
  return ([[32, 2], ...blocks] as const).map(([channels, stride]) => [Math.trunc(channels * alpha), stride]);
}

export function mobileNetV1Spec(config: MobileNetV1Config): MobileNetV1 {
  const widths = mobileNetV1Layers(config).map(([channels]) => channels);
  return {
    stem: conv2dSpec(3, 3, widths[0]!),
    stemNorm: batchNormSpec(widths[0]!),
    blocks: widths.slice(1).map((outputs, i) => ({
      depthwise: depthwiseConv2dSpec(3, widths[i]!),
      depthwiseNorm: batchNormSpec(widths[i]!),
      pointwise: conv2dSpec(1, widths[i]!, outputs),
      pointwiseNorm: batchNormSpec(outputs),
    })),
  };
}

/** Images of any size to the mean of the last feature map, `[n, 1024 alpha]`; pixels in `[-1, 1]`. */
export function mobileNetV1(config: MobileNetV1Config, params: ParamsOf<MobileNetV1>): Encoder<ImageBatch> {
  const layers = mobileNetV1Layers(config);
  const normed = (norm: ParamsOf<BatchNorm>, x: tf.Tensor4D) => tf.relu6(batchNorm(norm, x, config.batchNormEpsilon));
  return {
    dim: layers.at(-1)![0],
    variables: variablesOf(params),
    forward({ pixels, shape }) {
      const images = samePadding(tf.tensor4d(pixels, [...shape]), 2);
      const stem = normed(params.stemNorm, conv2d(params.stem, images, { stride: 2 }));
      const features = params.blocks.reduce((x, block, i) => {
        const stride = layers[i + 1]![1];
        const seen = depthwiseConv2d(block.depthwise, samePadding(x, stride), { stride });
        return normed(block.pointwiseNorm, conv2d(block.pointwise, normed(block.depthwiseNorm, seen)));
      }, stem);
      return globalAveragePool(features);
    },
  };
}

/** Zeros around `x` as TensorFlow's `same` puts them for a filter of size 3: an odd one at the right and the bottom. */
function samePadding(x: tf.Tensor4D, stride: 1 | 2): tf.Tensor4D {
  const side = (size: number): [number, number] => {
    const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + 3 - size);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  return tf.pad(x, [[0, 0], side(x.shape[1]), side(x.shape[2]), [0, 0]]);
}
