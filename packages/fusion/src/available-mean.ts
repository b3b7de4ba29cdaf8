import { expectMembers } from '@diptych/core';
import type { ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { type Available, availableFusion, type AvailableFusion } from './available-fusion.ts';
import { checkConfig, type JointConfig } from './joint-config.ts';
import { project, type Projections, projectionsSpec } from './projections.ts';

export type AvailableMean = { readonly projections: Projections };

export function availableMeanSpec(config: JointConfig<string>): AvailableMean {
  const { parts, dim } = checkConfig(config);
  return { projections: projectionsSpec(parts, dim) };
}

/** Mean of the projected parts that are there, `[n, dim]`. */
export function availableMean(params: ParamsOf<AvailableMean>, available: Available): tf.Tensor2D {
  const { parts, mask } = expectMembers(available, 'availableMean: available', 'parts', 'mask');
  const { projections } = expectMembers(params, 'availableMean: parameters', 'projections');
  // Without biases, a missing part adds zero.
  return tf.div(tf.addN(project(projections, parts)), tf.sum(mask, 1, true));
}

export function availableMeanFusion<Part extends string>(
  config: JointConfig<Part>,
  params: ParamsOf<AvailableMean>,
): AvailableFusion<Part> {
  return availableFusion(config, params, (available) => availableMean(params, available));
}
