import type { Encoder, ImageBatch } from '@diptych/core';
import {
  type BiasedDepthwiseConv2d,
  biasedDepthwiseConv2dSpec,
  depthwiseConv2d,
  fine,
  gelu,
  globalAveragePool,
  inTurn,
  linear,
  type Linear,
  linearSpec,
  normal,
  type ParamsOf,
  variablesOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  type AttentionBlock,
  attentionBlock,
  attentionBlockSpec,
  type RepMixerBlock,
  repMixerBlock,
  repMixerBlockSpec,
} from './fastvit-blocks.ts';
import { type Downsample, downsampleSpec, shrinkBy2 } from './fastvit-downsample.ts';
import { fewAtOnce } from './few-at-once.ts';
import { applyConv } from './folded-conv.ts';
import { pixelsOf } from './image-batch.ts';
import { foldMobileOne, type MobileOne, mobileOneSpec } from './mobileone.ts';
import { type SqueezeExcite, squeezeExcite, squeezeExciteSpec } from './squeeze-excite.ts';

/**
 * The image towers MCi0 to MCi2 of MobileCLIP S0 to S2, Vasu et al. 2023, arXiv:2311.17049: FastViT, arXiv:2303.14189,
 * whose last of four stages mixes by attention and whose last two start with a squeeze and excitation.
 */
export interface FastVitConfig {
  /** Blocks of each stage. */
  readonly depths: FourStages;
  /** Channels of each stage; in the last a multiple of 32. */
  readonly widths: FourStages;
  /** Width of the perceptrons over that of the stage; 3. */
  readonly mlpRatio: number;
  /** Length of an embedding. */
  readonly dim: number;
}

type FourStages = readonly [number, number, number, number];

type MixerStage = { readonly downsample?: Downsample; readonly blocks: readonly RepMixerBlock[] };

type AttentionStage = {
  readonly downsample: Downsample;
  readonly positions: BiasedDepthwiseConv2d;
  readonly blocks: readonly AttentionBlock[];
};

export type FastVit = {
  readonly stem: readonly MobileOne[];
  readonly stages: readonly MixerStage[];
  readonly last: AttentionStage;
  readonly final: MobileOne;
  readonly finalExcite: SqueezeExcite;
  readonly head: Linear;
};

export function fastVitSpec({ depths, widths, mlpRatio, dim }: FastVitConfig): FastVit {
  const [first, , third, width] = widths;
  const times = <T>(depth: number, make: () => T) => Array.from({ length: depth }, make);
  return {
    stem: [
      mobileOneSpec('dense', 3, [3, first], 2),
      mobileOneSpec('depthwise', 3, [first, first], 2),
      mobileOneSpec('dense', 1, [first, first]),
    ],
    stages: widths.slice(0, 3).map((outputs, i) => ({
      ...(i > 0 && { downsample: downsampleSpec(widths[i - 1]!, outputs, i === 2) }),
      blocks: times(depths[i]!, () => repMixerBlockSpec(outputs, mlpRatio * outputs)),
    })),
    last: {
      downsample: downsampleSpec(third, width, true),
      positions: biasedDepthwiseConv2dSpec(7, width),
      blocks: times(depths[3], () => attentionBlockSpec(width, mlpRatio * width)),
    },
    final: mobileOneSpec('depthwise', 3, [width, 2 * width]),
    finalExcite: squeezeExciteSpec(2 * width, width / 8),
    head: fine(linearSpec(2 * width, dim, normal(0.02))),
  };
}

/** Images of any size. Batch norms use the statistics of training, folded into the convolutions before them. */
export function fastVit(config: FastVitConfig, params: ParamsOf<FastVit>): Encoder<ImageBatch> {
  return {
    dim: config.dim,
    variables: variablesOf(params),
    forward: (batch) => fewAtOnce(batch, (few) => rows(params, few)),
  };
}

type Step = (x: tf.Tensor4D) => tf.Tensor4D;

function rows({ stem, stages, last, final, finalExcite, head }: ParamsOf<FastVit>, batch: ImageBatch): tf.Tensor2D {
  const features = inTurn(
    [
      ...stemSteps(stem),
      ...stages.flatMap(mixerSteps),
      ...attentionSteps(last),
      (x) => applyConv(foldMobileOne(final, 'depthwise'), x, 'depthwise'),
    ],
    pixelsOf(batch),
  );
  return linear(head, globalAveragePool(gelu(squeezeExcite(finalExcite, features))));
}

/** To a quarter of the height and width. */
function stemSteps(stem: ParamsOf<FastVit>['stem']): Step[] {
  const [shrink, look, mix] = stem as [ParamsOf<MobileOne>, ParamsOf<MobileOne>, ParamsOf<MobileOne>];
  return [
    (x) => gelu(applyConv(foldMobileOne(shrink, 'dense'), x, 'dense', 2)),
    (x) => gelu(applyConv(foldMobileOne(look, 'depthwise'), x, 'depthwise', 2)),
    (x) => gelu(applyConv(foldMobileOne(mix, 'dense'), x, 'dense')),
  ];
}

function mixerSteps({ downsample, blocks }: ParamsOf<MixerStage>): Step[] {
  const steps: Step[] = blocks.map((block) => (x) => repMixerBlock(block, x));
  return downsample ? [(x) => shrinkBy2(downsample, x), ...steps] : steps;
}

function attentionSteps({ downsample, positions, blocks }: ParamsOf<AttentionStage>): Step[] {
  return [
    (x) => shrinkBy2(downsample, x),
    (x) => tf.add(x, depthwiseConv2d(positions, x, { padding: 3 })),
    ...blocks.map(
      (block): Step =>
        (x) =>
          attentionBlock(block, x),
    ),
  ];
}
