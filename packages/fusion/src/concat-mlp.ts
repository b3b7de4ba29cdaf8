import { expectObjects, type Fusion } from '@diptych/core';
import { linearSpec, mlp, type Mlp, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkList } from './check-parts.ts';
import { completeFusion } from './complete-fusion.ts';
import { totalOf } from './concat-linear.ts';
import { checkConfig, type JointConfig, valuesOf } from './joint-config.ts';

export interface ConcatMlpConfig<Part extends string> extends JointConfig<Part> {
  /** Length of the layer between. */
  readonly hidden: number;
}

export function concatMlpSpec(config: ConcatMlpConfig<string>): Mlp {
  const { parts, hidden, dim } = checkConfig(config);
  return { fc1: linearSpec(totalOf(valuesOf(parts)), hidden), fc2: linearSpec(hidden, dim) };
}

/** `fc2(relu(fc1([x; y])))`, `[n, dim]`. */
export function concatMlp(params: ParamsOf<Mlp>, parts: readonly tf.Tensor2D[]): tf.Tensor2D {
  checkList(parts, 'concatMlp: parts');
  expectObjects({ params });
  return mlp(params, tf.concat([...parts], 1), tf.relu);
}

export function concatMlpFusion<Part extends string>(
  config: ConcatMlpConfig<Part>,
  params: ParamsOf<Mlp>,
): Fusion<Part> {
  return completeFusion(config, params, (parts) => concatMlp(params, valuesOf(parts)));
}
