import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import { batchNorm, globalAveragePool, inTurn, maxPool, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type ConvNetOptions, type ConvUnit, convUnit, convUnitSpec, type Normalization } from './conv-unit.ts';
import { convNet } from './folded-units.ts';
import { pixelsOf } from './image-batch.ts';

/** A residual network, He et al. 2015, arXiv:1512.03385, with the stride on the 3 x 3 filter as in torchvision. */
export interface ResnetConfig {
  /** Channels after the first convolution; 64 in the paper. */
  readonly stemWidth: number;
  /** Channels that each stage gives; an embedding is as long as the last. */
  readonly widths: readonly number[];
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  readonly block: 'basic' | 'bottleneck';
}

export type ResidualBlock = {
  readonly units: readonly ConvUnit[];
  /** Where the block changes the shape. */
  readonly shortcut?: ConvUnit;
};

export type Resnet = { readonly stem: ConvUnit; readonly stages: readonly (readonly ResidualBlock[])[] };

export function resnetSpec(config: ResnetConfig): Resnet {
  const { stemWidth, widths, depths, block } = expectMembers(config, 'config', 'stemWidth', 'widths', 'depths');
  const units = block === 'basic' ? basicUnits : bottleneckUnits;
  const stages = widths.map((width, stage) =>
    Array.from({ length: depths[stage]! }, (_, i) => {
      const inputs = i > 0 ? width : (widths[stage - 1] ?? stemWidth);
      const changes = i === 0 && (stage > 0 || inputs !== width);
      return { units: units(inputs, width), ...(changes && { shortcut: convUnitSpec(1, inputs, width) }) };
    }),
  );
  return { stem: convUnitSpec(7, 3, stemWidth), stages };
}

/** Three convolutions, the middle one on a quarter of the channels. */
export function bottleneckUnits(inputs: number, outputs: number): readonly ConvUnit[] {
  const narrow = outputs / 4;
  return [convUnitSpec(1, inputs, narrow), convUnitSpec(3, narrow, narrow), convUnitSpec(1, narrow, outputs)];
}

function basicUnits(inputs: number, outputs: number): readonly ConvUnit[] {
  return [convUnitSpec(3, inputs, outputs), convUnitSpec(3, outputs, outputs)];
}

/** Added to the variance, as in torchvision. */
const epsilon = 1e-5;

/** Embeddings are the mean of the last feature map. Images may have any size. */
export function resnet(
  config: ResnetConfig,
  params: ParamsOf<Resnet>,
  options: ConvNetOptions = {},
): Encoder<ImageBatch> {
  expectObjects({ config, params, options });
  expectMembers(config, 'config', 'widths');
  const forward = (given: ParamsOf<Resnet>, few: ImageBatch) => globalAveragePool(resnetFeatures(given, few, options));
  return convNet({ dim: config.widths.at(-1)!, params, epsilon, forward }, options);
}

/** The last feature map, `[n, height / 32, width / 32, channels]`, sizes rounded up. */
export function resnetFeatures(params: ParamsOf<Resnet>, batch: ImageBatch, options: ConvNetOptions = {}): tf.Tensor4D {
  const { normalize = batchNorm } = expectMembers(options, 'options');
  expectMembers(params, 'parameters', 'stem', 'stages');
  const normalization = { normalize, epsilon };
  const stem = (x: tf.Tensor4D) => {
    return maxPool(convUnit(params.stem, x, normalization, { stride: 2, activation: tf.relu }), 3, {
      stride: 2,
      padding: 1,
    });
  };
  const blocks = params.stages.flatMap((stage, at) =>
    stage.map((block, i) => (x: tf.Tensor4D) => residual(block, x, normalization, at > 0 && i === 0 ? 2 : 1)),
  );
  return inTurn([stem, ...blocks], pixelsOf(batch));
}

function residual(
  { units, shortcut }: ParamsOf<ResidualBlock>,
  x: tf.Tensor4D,
  normalization: Normalization,
  stride: number,
): tf.Tensor4D {
  const strided = units.findIndex(({ conv }) => conv.weight.shape[0] === 3);
  const last = units.length - 1;
  const past = shortcut ? convUnit(shortcut, x, normalization, { stride }) : x;
  const y = units.reduce((state, unit, i) => {
    const ends = i < last ? { activation: tf.relu } : { residual: past };
    return convUnit(unit, state, normalization, { stride: i === strided ? stride : 1, ...ends });
  }, x);
  return tf.relu(y);
}
