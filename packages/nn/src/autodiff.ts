import { EmbeddingError } from '@diptych/core';
import { BatchMatMul, getGradient } from '@tensorflow/tfjs-core';

/**
 * Makes `tf.variableGrads` and its kin work; call it once before training. tfjs-core registers no gradients by itself;
 * loading the optional `@tensorflow/tfjs-layers` registers them all.
 *
 * @throws {EmbeddingError} `NOT_FOUND` when that package is not installed, `BACKEND_UNAVAILABLE` when it came with
 * a tfjs-core of its own.
 */
export async function enableAutodiff(): Promise<void> {
  if (getGradient(BatchMatMul)) return;
  try {
    await import('@tensorflow/tfjs-layers');
  } catch (cause) {
    const expected = '@tensorflow/tfjs-layers beside @tensorflow/tfjs-core';
    throw new EmbeddingError('NOT_FOUND', { where: 'gradients', expected, got: cause }, { cause });
  }
  if (!getGradient(BatchMatMul)) {
    throw new EmbeddingError('BACKEND_UNAVAILABLE', {
      where: 'gradients',
      expected: 'one copy of @tensorflow/tfjs-core',
      got: 'another one under @tensorflow/tfjs-layers',
    });
  }
}
