import { expectMembers, type Fusion } from '@diptych/core';
import type { ParamsOf } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import { checkConfig, type JointConfig } from './joint-config.ts';
import { type NamedParts, productOf, project, type Projections, projectionsSpec } from './projections.ts';

export type Hadamard = { readonly projections: Projections };

export function hadamardSpec(config: JointConfig<string>): Hadamard {
  const { parts, dim } = checkConfig(config);
  return { projections: projectionsSpec(parts, dim) };
}

/** `(Wx x) * (Wy y)`, elementwise, `[n, dim]`. */
export function hadamard(params: ParamsOf<Hadamard>, parts: NamedParts): tf.Tensor2D {
  const { projections } = expectMembers(params, 'hadamard: parameters', 'projections');
  return productOf(project(projections, parts));
}

export function hadamardFusion<Part extends string>(
  config: JointConfig<Part>,
  params: ParamsOf<Hadamard>,
): Fusion<Part> {
  return completeFusion(config, params, (parts) => hadamard(params, parts));
}
