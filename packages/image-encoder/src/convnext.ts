import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  type BiasedConv2d,
  biasedConv2dSpec,
  type BiasedDepthwiseConv2d,
  biasedDepthwiseConv2dSpec,
  conv2d,
  depthwiseConv2d,
  fine,
  gelu,
  globalAveragePool,
  inTurn,
  layerNorm,
  type LayerNorm,
  layerNormSpec,
  type LayerScale,
  linear,
  type Linear,
  linearSpec,
  mlp,
  type NameTable,
  type ParamsOf,
  type Projection,
  projectionSpec,
  scaledLinearSpec,
  variablesOf,
} from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { fewAtOnce } from './few-at-once.ts';
import { pixelsOf } from './image-batch.ts';

/** ConvNeXt, Liu et al. 2022, arXiv:2201.03545, as open_clip has it in its towers. */
export interface ConvNextConfig {
  /** Blocks of each stage. */
  readonly depths: readonly number[];
  /** Channels of each stage. */
  readonly widths: readonly number[];
  readonly layerNormEpsilon: number;
  /** Length of an embedding. */
  readonly dim: number;
  /** Width of a layer with GELU before the projection; absent where there is none. */
  readonly headWidth?: number;
}

type Block = {
  /** Filters of 7 pixels of single channels. */
  readonly conv: BiasedDepthwiseConv2d;
  readonly norm: LayerNorm;
  readonly mlp: { readonly fc1: Linear; readonly fc2: Linear & LayerScale };
};

/** Filters side by side. */
type Shrink = { readonly conv: BiasedConv2d; readonly norm: LayerNorm };

export type ConvNext = {
  /** Of 4 pixels; its norm comes behind. */
  readonly stem: Shrink;
  /** Before a stage but the first filters of 2 pixels, whose norm comes before them. */
  readonly stages: readonly { readonly downsample?: Shrink; readonly blocks: readonly Block[] }[];
  readonly norm: LayerNorm;
  readonly hidden?: Linear;
  readonly head: Projection;
};

export function convNextSpec(config: ConvNextConfig): ConvNext {
  const { depths, widths, dim } = expectMembers(config, 'config', 'depths', 'widths', 'dim');
  const { headWidth } = config;
  const last = widths.at(-1)!;
  const shrink = (size: number, inputs: number, outputs: number, norm: number): Shrink => ({
    conv: biasedConv2dSpec(size, inputs, outputs),
    norm: layerNormSpec(norm),
  });
  return {
    stem: shrink(4, 3, widths[0]!, widths[0]!),
    stages: widths.map((width, i) => ({
      ...(i > 0 && { downsample: shrink(2, widths[i - 1]!, width, widths[i - 1]!) }),
      blocks: Array.from({ length: depths[i]! }, () => ({
        conv: biasedDepthwiseConv2dSpec(7, width),
        norm: layerNormSpec(width),
        mlp: { fc1: linearSpec(width, 4 * width), fc2: scaledLinearSpec(4 * width, width) },
      })),
    })),
    norm: layerNormSpec(last),
    ...(headWidth !== undefined && { hidden: linearSpec(last, headWidth) }),
    head: fine(projectionSpec(headWidth ?? last, dim)),
  };
}

/** Images of any size of at least 32 pixels a side. `forward` throws `SHAPE_MISMATCH` when they are not RGB. */
export function convNext(config: ConvNextConfig, params: ParamsOf<ConvNext>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  const { norm, hidden, head } = params;
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward: (batch) =>
      fewAtOnce(batch, (few) => {
        const pooled = globalAveragePool(convNextMap(config, params, few));
        const normed = layerNorm(norm, pooled, config.layerNormEpsilon);
        return linear(head, hidden ? linear(hidden, normed, { activation: gelu }) : normed);
      }),
  };
}

/** What the last stage gives, `[n, height / 32, width / 32, channels]`. */
export function convNextMap(config: ConvNextConfig, params: ParamsOf<ConvNext>, batch: ImageBatch): tf.Tensor4D {
  const { layerNormEpsilon: epsilon } = expectMembers(config, 'config', 'layerNormEpsilon');
  const { stem, stages } = expectMembers(params, 'parameters', 'stem', 'stages');
  const steps = [
    (x: tf.Tensor4D) => layerNorm(stem.norm, conv2d(stem.conv, x, { stride: 4 }), epsilon),
    ...stages.flatMap(({ downsample, blocks }) => [
      ...(downsample
        ? [(x: tf.Tensor4D) => conv2d(downsample.conv, layerNorm(downsample.norm, x, epsilon), { stride: 2 })]
        : []),
      ...blocks.map((block) => (x: tf.Tensor4D) => {
        const seen = layerNorm(block.norm, depthwiseConv2d(block.conv, x, { padding: 3 }), epsilon);
        return mlp(block.mlp, seen, gelu, x);
      }),
    ]),
  ];
  return inTurn(steps, pixelsOf(batch));
}

const trunk = 'visual.trunk';
const block = `${trunk}.stages.*.blocks.*`;

/** open_clip with timm's `convnext_*`. */
export function openClipConvNextNames(config: Pick<ConvNextConfig, 'headWidth'>): NameTable {
  const { headWidth } = expectMembers(config, 'config');
  return {
    names: {
      'stem.conv': `${trunk}.stem.0`,
      'stem.norm': `${trunk}.stem.1`,
      'stages.*.downsample.norm': `${trunk}.stages.*.downsample.0`,
      'stages.*.downsample.conv': `${trunk}.stages.*.downsample.1`,
      'stages.*.blocks.*.conv': `${block}.conv_dw`,
      'stages.*.blocks.*.norm': `${block}.norm`,
      'stages.*.blocks.*.mlp': `${block}.mlp`,
      'stages.*.blocks.*.mlp.fc2.layerScale': `${block}.gamma`,
      norm: `${trunk}.head.norm`,
      hidden: 'visual.head.mlp.fc1',
      head: headWidth === undefined ? 'visual.head.proj' : 'visual.head.mlp.fc2',
    },
  };
}
