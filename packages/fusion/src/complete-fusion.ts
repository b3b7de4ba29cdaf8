import { EmbeddingError, type Fusion } from '@diptych/core';
import { variablesOf } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { checkParts } from './check-parts.ts';
import { checkConfig, type JointConfig, pairOf, valuesOf } from './joint-config.ts';
import type { NamedParts } from './projections.ts';

/**
 * An operator that needs every part.
 *
 * `forward` throws `INPUT_INVALID` naming a part that is missing or unknown, `SHAPE_MISMATCH` for one in another shape.
 */
export function completeFusion<Part extends string>(
  config: JointConfig<Part>,
  params: unknown,
  join: (parts: NamedParts) => tf.Tensor2D,
): Fusion<Part> {
  checkConfig(config);
  const { parts: widths, dim } = config;
  return {
    dim,
    variables: variablesOf(params),
    forward(given) {
      const { parts } = checkParts(widths, given);
      return join(Object.fromEntries(parts.map(([name, part]) => [name, part ?? missing(name)])));
    },
  };
}

/** The same for two parts, in the order of their names. */
export function pairFusion<Part extends string>(
  operator: string,
  config: JointConfig<Part>,
  params: unknown,
  join: (first: tf.Tensor2D, second: tf.Tensor2D) => tf.Tensor2D,
): Fusion<Part> {
  checkConfig(config);
  pairOf(operator, config.parts);
  return completeFusion(config, params, (parts) => {
    const [first, second] = valuesOf(parts);
    return join(first!, second!);
  });
}

function missing(name: string): never {
  throw new EmbeddingError('INPUT_INVALID', {
    where: `fusion: part '${name}'`,
    expected: 'every part',
    got: 'none',
    cure: 'put missingTokensFusion around it, or use availableMeanFusion, availableAttentionFusion or lateFusion',
  });
}
