import type { Encoder } from '@diptych/core';
import type { SpaceParts } from './architecture.ts';

/** What the variables of encoders take, those that several share once. */
export function weightsOf(encoders: readonly Encoder<never>[]): NonNullable<SpaceParts['weights']> {
  const variables = new Set(encoders.flatMap((encoder) => encoder.variables));
  const size = [...variables].reduce((sum, variable) => sum + variable.size, 0);
  return { size, bytes: 4 * size, dtype: 'float32' };
}
