import { EmbeddingError, expectFields, expectMembers } from '@diptych/core';
import { l2Normalize, linear, type ParamsOf } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import { availableFusion, type AvailableFusion } from './available-fusion.ts';
import { checkConfig, type JointConfig, namesOf } from './joint-config.ts';
import { type NamedParts, type Projections, projectionsSpec, withOwn } from './projections.ts';

export interface LateConfig<Part extends string> extends JointConfig<Part> {
  /** How much each part counts, at least 0; only their ratio matters. */
  readonly weights: Readonly<Record<Part, number>>;
}

export type Late = { readonly projections: Projections };

export function lateSpec(config: JointConfig<string>): Late {
  const { parts, dim } = checkConfig(config);
  return { projections: projectionsSpec(parts, dim) };
}

/**
 * Score fusion as in UniIR, Wei et al. 2023, arXiv:2311.17136: unit rows of `Σ weight u(W x)`, `[n, dim]`. Their cosines
 * with another vector rank as the weighted sums of the parts' cosines do.
 *
 * @param parts A row of zeros is a part that is missing.
 */
export function late(
  params: ParamsOf<Late>,
  parts: NamedParts,
  weights: Readonly<Record<string, number>>,
): tf.Tensor2D {
  const { projections } = expectMembers(params, 'late: parameters', 'projections');
  const units = withOwn(projections, parts, (projection, x, name) =>
    tf.mul<tf.Tensor2D>(l2Normalize(linear(projection, x)), weights[name]!),
  );
  return l2Normalize(tf.addN(units));
}

/** @throws {EmbeddingError} `CONFIG_INVALID` when a part has no weight, or a negative one. */
export function lateFusion<Part extends string>(
  config: LateConfig<Part>,
  params: ParamsOf<Late>,
): AvailableFusion<Part> {
  checkConfig(config);
  expectFields(config.weights, 'late: weights');
  for (const name of namesOf(config.parts)) {
    const weight = config.weights[name];
    if (weight >= 0 && Number.isFinite(weight)) continue;
    throw new EmbeddingError('CONFIG_INVALID', {
      where: `late: weight of part '${name}'`,
      expected: 'a number of at least 0',
      got: weight,
    });
  }
  return availableFusion(config, params, ({ parts }) => late(params, parts, config.weights));
}
