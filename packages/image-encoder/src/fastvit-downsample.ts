import { gelu, type ParamsOf } from '@diptych/nn';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvUnit } from './conv-unit.ts';
import { applyConv, branchSpec, type FoldedConv, foldUnit, sumOf } from './folded-conv.ts';
import { foldMobileOne, type MobileOne, mobileOneSpec } from './mobileone.ts';
import { type SqueezeExcite, squeezeExcite, squeezeExciteSpec } from './squeeze-excite.ts';

/** What stands between two stages: half the height and width, more channels. */
export type Downsample = {
  readonly large: ConvUnit;
  readonly small: ConvUnit;
  readonly excite?: SqueezeExcite;
  readonly project: MobileOne;
};

export function downsampleSpec(inputs: number, outputs: number, excites: boolean): Downsample {
  return {
    large: branchSpec('depthwise', 7, inputs, outputs),
    small: branchSpec('depthwise', 3, inputs, outputs),
    ...(excites && { excite: squeezeExciteSpec(outputs, Math.max(8, outputs / 4)) }),
    project: mobileOneSpec('dense', 1, [outputs, outputs]),
  };
}

export type FoldedDownsample = {
  readonly look: FoldedConv;
  readonly excite?: ParamsOf<SqueezeExcite>;
  readonly project: FoldedConv;
};

export function foldDownsample({ large, small, excite, project }: ParamsOf<Downsample>): FoldedDownsample {
  return {
    look: sumOf([foldUnit(large, 'depthwise'), foldUnit(small, 'depthwise')]),
    ...(excite && { excite }),
    project: foldMobileOne(project, 'dense'),
  };
}

export function shrinkBy2({ look, excite, project }: FoldedDownsample, x: Tensor4D): Tensor4D {
  const seen = excite
    ? gelu(squeezeExcite(excite, applyConv(look, x, 'depthwise', { stride: 2 })))
    : applyConv(look, x, 'depthwise', { stride: 2, activation: gelu });
  return applyConv(project, seen, 'dense', { activation: gelu });
}
