import type { Encoder, ImageBatch } from '@diptych/core';
import {
  type BiasedDepthwiseConv2d,
  biasedDepthwiseConv2dSpec,
  depthwiseConv2d,
  fine,
  gelu,
  globalAveragePool,
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
import { applyConv } from './folded-conv.ts';
import { foldMobileOne, type MobileOne, mobileOneSpec } from './mobileone.ts';
import { pixelsOf } from './pixels-of.ts';
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
    forward(batch) {
      const { last, final, finalExcite, head } = params;
      const mixed = params.stages.reduce(mixerStage, stem(params, batch));
      const features = applyConv(foldMobileOne(final, 'depthwise'), attentionStage(last, mixed), 'depthwise');
      return linear(head, globalAveragePool(gelu(squeezeExcite(finalExcite, features))));
    },
  };
}

/** A quarter of the height and width. */
function stem(params: ParamsOf<FastVit>, batch: ImageBatch): tf.Tensor4D {
  const [shrink, look, mix] = params.stem as [ParamsOf<MobileOne>, ParamsOf<MobileOne>, ParamsOf<MobileOne>];
  const half = gelu(applyConv(foldMobileOne(shrink, 'dense'), pixelsOf(batch), 'dense', 2));
  const quarter = gelu(applyConv(foldMobileOne(look, 'depthwise'), half, 'depthwise', 2));
  return gelu(applyConv(foldMobileOne(mix, 'dense'), quarter, 'dense'));
}

function mixerStage(x: tf.Tensor4D, { downsample, blocks }: ParamsOf<MixerStage>): tf.Tensor4D {
  return blocks.reduce((y, block) => repMixerBlock(block, y), downsample ? shrinkBy2(downsample, x) : x);
}

function attentionStage({ downsample, positions, blocks }: ParamsOf<AttentionStage>, x: tf.Tensor4D): tf.Tensor4D {
  const smaller = shrinkBy2(downsample, x);
  const placed = tf.add<tf.Tensor4D>(smaller, depthwiseConv2d(positions, smaller, { padding: 3 }));
  return blocks.reduce((y, block) => attentionBlock(block, y), placed);
}
