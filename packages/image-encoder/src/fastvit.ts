import { type Encoder, expectMembers, expectObjects, type ImageBatch } from '@diptych/core';
import {
  type BiasedDepthwiseConv2d,
  biasedDepthwiseConv2dSpec,
  fine,
  gelu,
  globalAveragePool,
  inTurn,
  linear,
  type Linear,
  linearSpec,
  normal,
  type ParamsOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import {
  type AttentionBlock,
  attentionBlock,
  attentionBlockSpec,
  foldAttention,
  type FoldedAttention,
  type FoldedMixer,
  foldMixer,
  type RepMixerBlock,
  repMixerBlock,
  repMixerBlockSpec,
} from './fastvit-blocks.ts';
import {
  type Downsample,
  downsampleSpec,
  foldDownsample,
  type FoldedDownsample,
  shrinkBy2,
} from './fastvit-downsample.ts';
import { fewAtOnce } from './few-at-once.ts';
import { applyConv, type FoldedConv } from './folded-conv.ts';
import { foldingEncoder } from './folding-encoder.ts';
import { pixelsOf } from './image-batch.ts';
import { foldMobileOne, type MobileOne, mobileOneSpec } from './mobileone.ts';
import { type SqueezeExcite, squeezeExcite, squeezeExciteSpec } from './squeeze-excite.ts';

/**
 * The image towers MCi0 to MCi2 of MobileCLIP S0 to S2, Vasu et al. 2023, arXiv:2311.17049: FastViT, arXiv:2303.14189,
 * whose last of four stages mixes by attention and whose last two start with a squeeze and excitation. MCi3 and MCi4 of
 * MobileCLIP2 S3 and S4, Faghri et al. 2025, arXiv:2508.20691, have a fifth stage, which mixes by attention, too: what is
 * attended to is normalised pixel by pixel, nothing is excited between stages, and the stem has fewer branches.
 */
export interface FastVitConfig {
  /** Blocks of each stage. */
  readonly depths: Stages;
  /** Channels of each stage; from the fourth a multiple of 32. */
  readonly widths: Stages;
  /** Width of the perceptrons over that of the stage; 3, of five stages 4. */
  readonly mlpRatio: number;
  /** Length of an embedding. */
  readonly dim: number;
}

/** Four or five. */
type Stages = readonly [number, number, number, number, fifth?: number];

type MixerStage = { readonly downsample?: Downsample; readonly blocks: readonly RepMixerBlock[] };

type AttentionStage = {
  readonly downsample: Downsample;
  readonly positions: BiasedDepthwiseConv2d;
  readonly blocks: readonly AttentionBlock[];
};

export type FastVit = {
  readonly stem: readonly MobileOne[];
  readonly stages: readonly MixerStage[];
  readonly fourth: AttentionStage;
  readonly fifth?: AttentionStage;
  readonly final: MobileOne;
  readonly finalExcite: SqueezeExcite;
  readonly head: Linear;
};

export function fastVitSpec(config: FastVitConfig): FastVit {
  const { depths, widths, mlpRatio, dim } = expectMembers(config, 'config', 'depths', 'widths', 'mlpRatio', 'dim');
  const [first, , , fourth, width = fourth] = widths;
  const five = depths.length > 4;
  const times = <T>(depth: number, make: () => T) => Array.from({ length: depth }, make);
  const stem = [
    mobileOneSpec('dense', 3, [3, first], 2),
    mobileOneSpec('depthwise', 3, [first, first], 2),
    mobileOneSpec('dense', 1, [first, first]),
  ];
  const attentionStage = (i: number): AttentionStage => ({
    downsample: downsampleSpec(widths[i - 1]!, widths[i]!, !five),
    positions: biasedDepthwiseConv2dSpec(7, widths[i]!),
    blocks: times(depths[i]!, () => attentionBlockSpec(widths[i]!, mlpRatio * widths[i]!, five)),
  });
  return {
    stem: five ? stem.map(({ scale: _none, ...unit }) => unit) : stem,
    stages: widths.slice(0, 3).map((outputs, i) => ({
      ...(i > 0 && { downsample: downsampleSpec(widths[i - 1]!, outputs!, i === 2 && !five) }),
      blocks: times(depths[i]!, () => repMixerBlockSpec(outputs!, mlpRatio * outputs!)),
    })),
    fourth: attentionStage(3),
    ...(five && { fifth: attentionStage(4) }),
    final: mobileOneSpec('depthwise', 3, [width, 2 * width]),
    finalExcite: squeezeExciteSpec(2 * width, width / 8),
    head: fine(linearSpec(2 * width, dim, normal(0.02))),
  };
}

/** Images of any size. Batch norms use the statistics of training, folded into the convolutions before them. */
export function fastVit(config: FastVitConfig, params: ParamsOf<FastVit>): Encoder<ImageBatch> {
  expectObjects({ config, params });
  return foldingEncoder({
    dim: config.dim,
    params,
    fold: () => foldTower(params),
    rows: (folded, batch) => fewAtOnce(batch, (few) => rows(folded, few)),
  });
}

/** The tower with its branches and norms in one filter each. */
type FoldedTower = {
  readonly stem: readonly [shrink: FoldedConv, look: FoldedConv, mix: FoldedConv];
  readonly stages: readonly { readonly downsample?: FoldedDownsample; readonly blocks: readonly FoldedMixer[] }[];
  readonly attentionStages: readonly {
    readonly downsample: FoldedDownsample;
    readonly positions: FoldedConv;
    readonly blocks: readonly FoldedAttention[];
  }[];
  readonly final: FoldedConv;
  readonly finalExcite: ParamsOf<SqueezeExcite>;
  readonly head: ParamsOf<Linear>;
};

function foldTower({ stem, stages, fourth, fifth, final, finalExcite, head }: ParamsOf<FastVit>): FoldedTower {
  const [shrink, look, mix] = stem as [ParamsOf<MobileOne>, ParamsOf<MobileOne>, ParamsOf<MobileOne>];
  return {
    stem: [foldMobileOne(shrink, 'dense'), foldMobileOne(look, 'depthwise'), foldMobileOne(mix, 'dense')],
    stages: stages.map(({ downsample, blocks }) => ({
      ...(downsample && { downsample: foldDownsample(downsample) }),
      blocks: blocks.map(foldMixer),
    })),
    attentionStages: [fourth, ...(fifth ? [fifth] : [])].map(({ downsample, positions, blocks }) => ({
      downsample: foldDownsample(downsample),
      positions,
      blocks: blocks.map(foldAttention),
    })),
    final: foldMobileOne(final, 'depthwise'),
    finalExcite,
    head,
  };
}

type Step = (x: tf.Tensor4D) => tf.Tensor4D;

function rows(
  { stem, stages, attentionStages, final, finalExcite, head }: FoldedTower,
  batch: ImageBatch,
): tf.Tensor2D {
  const [shrink, look, mix] = stem;
  const steps: Step[] = [
    (x) => applyConv(shrink, x, 'dense', { stride: 2, activation: gelu }),
    (x) => applyConv(look, x, 'depthwise', { stride: 2, activation: gelu }),
    (x) => applyConv(mix, x, 'dense', { activation: gelu }),
    // Its height and width are a quarter of the image's from here on.
    ...stages.flatMap(({ downsample, blocks }): Step[] => [
      ...(downsample ? [(x: tf.Tensor4D) => shrinkBy2(downsample, x)] : []),
      ...blocks.map(
        (block): Step =>
          (x) =>
            repMixerBlock(block, x),
      ),
    ]),
    ...attentionStages.flatMap(({ downsample, positions, blocks }): Step[] => [
      (x) => shrinkBy2(downsample, x),
      (x) => tf.add(x, applyConv(positions, x, 'depthwise')),
      ...blocks.map(
        (block): Step =>
          (x) =>
            attentionBlock(block, x),
      ),
    ]),
    (x) => applyConv(final, x, 'depthwise'),
  ];
  const features = inTurn(steps, pixelsOf(batch));
  return linear(head, globalAveragePool(gelu(squeezeExcite(finalExcite, features))));
}
