import { EmbeddingError } from '@diptych/core';

/**
 * The kernels do not look where they read, so their inputs are checked here.
 *
 * @param what Names the input, as `DiptychLinear bias`.
 * @param got Its shape, or undefined where it is absent, which is right.
 * @throws {EmbeddingError} `SHAPE_MISMATCH`
 */
export function checkShape(what: string, got: readonly number[] | undefined, expected: readonly number[]): void {
  if (!got || (got.length === expected.length && got.every((size, axis) => size === expected[axis]))) return;
  throw new EmbeddingError('SHAPE_MISMATCH', { where: what, expected: `[${expected}]`, got: `[${got}]` });
}
