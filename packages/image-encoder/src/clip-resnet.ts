import { EmbeddingError, type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import { averagePool, batchNorm, inTurn, type NameTable, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { attentionPool, type AttentionPool, attentionPoolSpec } from './attention-pool.ts';
import {
  type ConvNetOptions,
  type ConvUnit,
  convUnit,
  convUnitNames,
  convUnitSpec,
  type Normalization,
} from './conv-unit.ts';
import { convNet } from './folded-units.ts';
import { checkSize, pixelsOf } from './image-batch.ts';
import { bottleneckUnits, type ResidualBlock } from './resnet.ts';

/** The residual network of CLIP, Radford et al. 2021, arXiv:2103.00020: it shrinks by averaging, and pools by attention. */
export interface ClipResnetConfig {
  /** Side of its square images in pixels, a multiple of 32. */
  readonly imageSize: number;
  /** Channels after the stem; 64 in RN50. */
  readonly width: number;
  /** Blocks of each of the four stages. */
  readonly depths: readonly number[];
  /** Heads of the pooling; 32 in RN50. */
  readonly heads: number;
  /** Length of an embedding. */
  readonly dim: number;
}

export type ClipResnet = {
  readonly stem: readonly ConvUnit[];
  readonly stages: readonly (readonly ResidualBlock[])[];
  readonly pool: AttentionPool;
};

/** @throws {EmbeddingError} `CONFIG_INVALID` when `heads` does not divide the channels of the last stage, 32 `width`. */
export function clipResnetSpec(config: ClipResnetConfig): ClipResnet {
  const { imageSize, width, depths, heads, dim } = expectMembers(
    config,
    'config',
    'imageSize',
    'width',
    'depths',
    'heads',
    'dim',
  );
  if ((32 * width) % heads !== 0) {
    throw new EmbeddingError('CONFIG_INVALID', {
      where: 'pooling',
      expected: `channels that ${heads} heads divide`,
      got: 32 * width,
    });
  }
  const stages = depths.map((depth, stage) => {
    const outputs = 4 * width * 2 ** stage;
    return Array.from({ length: depth }, (_, i) => {
      const inputs = i > 0 ? outputs : stage > 0 ? outputs / 2 : width;
      return {
        units: bottleneckUnits(inputs, outputs),
        ...(i === 0 && { shortcut: convUnitSpec(1, inputs, outputs) }),
      };
    });
  });
  return {
    stem: [convUnitSpec(3, 3, width / 2), convUnitSpec(3, width / 2, width / 2), convUnitSpec(3, width / 2, width)],
    stages,
    pool: attentionPoolSpec((imageSize / 32) ** 2, 32 * width, dim),
  };
}

const epsilon = 1e-5;

/** `forward` throws `SHAPE_MISMATCH` for images of another size than `imageSize`. */
export function clipResnet(
  config: ClipResnetConfig,
  params: ParamsOf<ClipResnet>,
  options: ConvNetOptions = {},
): Encoder<ImageBatch> {
  expectObjects({ config, params, options });
  const check = (batch: ImageBatch) => checkSize(batch, config.imageSize);
  const forward = (given: ParamsOf<ClipResnet>, few: ImageBatch) => {
    return attentionPool(given.pool, clipResnetFeatures(given, few, options), config.heads);
  };
  return convNet({ dim: config.dim, check, params, epsilon, forward }, options);
}

/** The last feature map, `[n, height / 32, width / 32, 32 * width]`. */
export function clipResnetFeatures(
  params: ParamsOf<ClipResnet>,
  batch: ImageBatch,
  options: ConvNetOptions = {},
): tf.Tensor4D {
  const { normalize = batchNorm } = expectMembers(options, 'options');
  expectMembers(params, 'parameters', 'stem', 'stages');
  const normalization = { normalize, epsilon };
  const stem = params.stem.map(
    (unit, i) => (x: tf.Tensor4D) => convUnit(unit, x, normalization, { stride: i === 0 ? 2 : 1, activation: tf.relu }),
  );
  const blocks = params.stages.flatMap((stage, at) =>
    stage.map((parts, i) => (x: tf.Tensor4D) => block(parts, x, normalization, at > 0 && i === 0 ? 2 : 1)),
  );
  return inTurn([...stem, (x) => averagePool(x, 2), ...blocks], pixelsOf(batch));
}

function block(
  { units, shortcut }: ParamsOf<ResidualBlock>,
  x: tf.Tensor4D,
  normalization: Normalization,
  stride: number,
): tf.Tensor4D {
  const [reduce, filter, widen] = units as [ParamsOf<ConvUnit>, ParamsOf<ConvUnit>, ParamsOf<ConvUnit>];
  const reduced = convUnit(reduce, x, normalization, { activation: tf.relu });
  const filtered = averagePool(convUnit(filter, reduced, normalization, { activation: tf.relu }), stride);
  const residual = shortcut ? convUnit(shortcut, averagePool(x, stride), normalization) : x;
  return tf.relu(convUnit(widen, filtered, normalization, { residual }));
}

/** OpenAI and open_clip. */
export const openClipResnetNames: NameTable = {
  names: {
    ...convUnitNames('stem.*', 'visual.conv#', 'visual.bn#'),
    ...convUnitNames('stages.*.*.units.*', 'visual.layer#.*.conv#', 'visual.layer#.*.bn#'),
    ...convUnitNames('stages.*.*.shortcut', 'visual.layer#.*.downsample.0', 'visual.layer#.*.downsample.1'),
    'pool.positions': 'visual.attnpool.positional_embedding',
    'pool.attention.inProj': ['visual.attnpool.q_proj', 'visual.attnpool.k_proj', 'visual.attnpool.v_proj'],
    'pool.attention.outProj': 'visual.attnpool.c_proj',
  },
  ignore: ['**.num_batches_tracked', 'input_resolution'],
};
