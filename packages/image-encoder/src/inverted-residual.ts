import { type Activation, batchNormSpec, depthwiseConv2dSpec, hardSigmoid, type ParamsOf } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import {
  type ConvUnit,
  convUnit,
  convUnitSpec,
  type DepthwiseUnit,
  depthwiseUnit,
  type Normalization,
} from './conv-unit.ts';
import { type SqueezeExcite, squeezeExcite, squeezeExciteSpec } from './squeeze-excite.ts';

/** One block of MobileNet v2, Sandler et al. 2018, arXiv:1801.04381, or v3, Howard et al. 2019, arXiv:1905.02244. */
export interface InvertedResidualConfig {
  /** Side of the depthwise filter. */
  readonly size: number;
  /** Channels that the depthwise filter sees. */
  readonly expanded: number;
  readonly outputs: number;
  /** Channels of the squeeze and excitation; 0 for none. */
  readonly squeezed: number;
  /** A name that `activation` knows: `relu6` in v2, `relu` or `hardswish` in v3. */
  readonly activation: string;
  readonly stride: 1 | 2;
}

export type InvertedResidual = {
  /** Where there are more channels inside than come in. */
  readonly expand?: ConvUnit;
  /** Filters are `[size, size, expanded, 1]`. */
  readonly depthwise: DepthwiseUnit;
  readonly excite?: SqueezeExcite;
  readonly project: ConvUnit;
};

export function invertedResidualSpec(inputs: number, config: InvertedResidualConfig): InvertedResidual {
  const { size, expanded, outputs, squeezed } = config;
  return {
    ...(expanded !== inputs && { expand: convUnitSpec(1, inputs, expanded) }),
    depthwise: { conv: depthwiseConv2dSpec(size, expanded), norm: batchNormSpec(expanded) },
    ...(squeezed > 0 && { excite: squeezeExciteSpec(expanded, squeezed) }),
    project: convUnitSpec(1, expanded, outputs),
  };
}

/** Adds `x` where the shape stays. */
export function invertedResidual(
  { expand, depthwise, excite, project }: ParamsOf<InvertedResidual>,
  x: tf.Tensor4D,
  { activation, stride, normalization }: { activation: Activation; stride: 1 | 2; normalization: Normalization },
): tf.Tensor4D {
  const wide = expand ? convUnit(expand, x, normalization, { activation }) : x;
  const seen = depthwiseUnit(depthwise, wide, normalization, { stride, activation });
  const excited = excite ? squeezeExcite(excite, seen, hardSigmoid) : seen;
  const stays = stride === 1 && x.shape[3] === project.conv.weight.shape[3];
  return convUnit(project, excited, normalization, stays ? { residual: x } : {});
}
