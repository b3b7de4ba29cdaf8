import { expectObjects, type Fusion } from '@diptych/core';
import { linear, type Linear, linearSpec, type ParamsOf, type Projection } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkList } from './check-parts.ts';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, type JointConfig, valuesOf } from './joint-config.ts';

export function concatLinearSpec(config: JointConfig<string>): Linear {
  const { parts, dim } = checkConfig(config);
  return linearSpec(totalOf(valuesOf(parts)), dim);
}

/** `[x; y] · weight + bias`, `[n, dim]`; the bias may be left out. */
export function concatLinear(
  params: ParamsOf<Projection> & Partial<ParamsOf<Linear>>,
  parts: readonly tf.Tensor2D[],
): tf.Tensor2D {
  checkList(parts, 'concatLinear: parts');
  expectObjects({ params });
  return linear(params, tf.concat([...parts], 1));
}

export function concatLinearFusion<Part extends string>(
  config: JointConfig<Part>,
  params: ParamsOf<Projection> & Partial<ParamsOf<Linear>>,
): Fusion<Part> {
  return completeFusion(config, params, (parts) => concatLinear(params, valuesOf(parts)));
}

export function totalOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0);
}
