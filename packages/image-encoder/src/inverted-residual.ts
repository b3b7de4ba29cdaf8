import {
  type Activation,
  batchNormSpec,
  depthwiseConv2d,
  depthwiseConv2dSpec,
  hardSigmoid,
  type ParamsOf,
} from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type ConvUnit, convUnit, convUnitSpec, type Normalization } from './conv-unit.ts';
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
  readonly depthwise: ConvUnit;
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
  const { normalize, epsilon } = normalization;
  const wide = expand ? activation(convUnit(expand, x, normalization)) : x;
  const padding = (depthwise.conv.weight.shape[0] - 1) / 2;
  const seen = activation(
    normalize(depthwise.norm, depthwiseConv2d(depthwise.conv, wide, { stride, padding }), epsilon),
  );
  const y = convUnit(project, excite ? squeezeExcite(excite, seen, hardSigmoid) : seen, normalization);
  return stride === 1 && x.shape[3] === y.shape[3] ? tf.add(x, y) : y;
}
