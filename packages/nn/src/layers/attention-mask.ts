import { EmbeddingError, expectList, hiddenScore } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/** `[1, 1, length, length]`: each position sees itself and those before it. */
export function causalMask(length: number): tf.Tensor4D {
  expectLengths('causalMask', length);
  const values = new Float32Array(length * length);
  for (let query = 0; query < length; query++)
    values.fill(hiddenScore, query * length + query + 1, (query + 1) * length);
  return tf.tensor4d(values, [1, 1, length, length]);
}

/**
 * `[n, 1, 1, length]`: nobody sees padding.
 *
 * @param mask Row-major `[n, length]`, 1 where a token counts and 0 where it is padding.
 */
export function paddingMask(mask: ArrayLike<number>, shape: readonly [number, number]): tf.Tensor4D {
  expectList(mask, 'paddingMask: mask');
  expectList(shape, 'paddingMask: shape');
  const [n, length] = shape;
  expectLengths('paddingMask', n, length);
  const values = Float32Array.from(mask, (counts) => (counts ? 0 : hiddenScore));
  return tf.tensor4d(values, [n, 1, 1, length]);
}

function expectLengths(where: string, ...lengths: readonly number[]): void {
  if (lengths.every((length) => Number.isSafeInteger(length) && length >= 0)) return;
  throw new EmbeddingError('INPUT_INVALID', { where, expected: 'lengths, whole numbers', got: lengths });
}
