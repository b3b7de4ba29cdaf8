import { EmbeddingError, type Fusion } from '@diptych/core';
import { variablesOf } from '@diptych/nn';
import type * as tf from '@tensorflow/tfjs-core';
import { checkParts } from './check-parts.ts';
import { type JointConfig, pairOf, valuesOf } from './joint-config.ts';
import type { NamedParts } from './projections.ts';

/**
 * An operator that needs every part.
 *
 * `forward` throws `INPUT_INVALID` naming a part that is missing or unknown, `SHAPE_MISMATCH` for one in another shape.
 */
export function completeFusion<Part extends string>(
  { parts: widths, dim }: JointConfig<Part>,
  params: unknown,
  join: (parts: NamedParts) => tf.Tensor2D,
): Fusion<Part> {
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
  pairOf(operator, config.parts);
  return completeFusion(config, params, (parts) => {
    const [first, second] = valuesOf(parts);
    return join(first!, second!);
  });
}

function missing(name: string): never {
  const message =
    `fusion: expected part '${name}', which is missing; put missingTokensFusion around it, ` +
    'or use availableMeanFusion, availableAttentionFusion or lateFusion';
  throw new EmbeddingError('INPUT_INVALID', message);
}
