import type { Fusion } from '@diptych/core';
import type { ParamsOf } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { completeFusion } from './complete-fusion.ts';
import type { JointConfig } from './joint-config.ts';
import { type NamedParts, productOf, project, type Projections, projectionsSpec } from './projections.ts';

export type Hadamard = { readonly projections: Projections };

export function hadamardSpec({ parts, dim }: JointConfig<string>): Hadamard {
  return { projections: projectionsSpec(parts, dim) };
}

/** `(Wx x) * (Wy y)`, elementwise, `[n, dim]`. */
export function hadamard({ projections }: ParamsOf<Hadamard>, parts: NamedParts): tf.Tensor2D {
  return productOf(project(projections, parts));
}

export function hadamardFusion<Part extends string>(
  config: JointConfig<Part>,
  params: ParamsOf<Hadamard>,
): Fusion<Part> {
  return completeFusion(config, params, (parts) => hadamard(params, parts));
}
