import { EmbeddingError } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Refuses what is no tensor of float32 values in a shape.
 *
 * @param shape The size of each axis, or what errors call one of any size: `['n', 512]`.
 * @throws {EmbeddingError} `INPUT_INVALID` for no tensor, one disposed of, or one of another type; `SHAPE_MISMATCH`.
 */
export function expectTensor(value: unknown, where: string, shape: readonly (number | string)[]): void {
  if (!(value instanceof tf.Tensor)) throw wrong(where, value);
  if (value.isDisposed) throw wrong(where, 'one disposed of');
  if (value.dtype !== 'float32') throw wrong(where, `one of ${value.dtype}`);
  const sizes: readonly number[] = value.shape;
  if (sizes.length === shape.length && shape.every((size, i) => typeof size === 'string' || size === sizes[i])) return;
  throw new EmbeddingError('SHAPE_MISMATCH', { where, expected: `[${shape.join(',')}]`, got: sizes });
}

function wrong(where: string, got: unknown): EmbeddingError {
  return new EmbeddingError('INPUT_INVALID', { where, expected: 'a float32 tensor', got });
}
