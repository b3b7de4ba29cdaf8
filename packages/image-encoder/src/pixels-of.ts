import { EmbeddingError, type ImageBatch } from '@diptych/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The pixels of a batch, `[n, height, width, 3]`.
 *
 * @throws {EmbeddingError} `SHAPE_MISMATCH` when they are not RGB or their number is not that of the shape.
 */
export function pixelsOf(batch: ImageBatch): tf.Tensor4D {
  checkPixels(batch);
  return tf.tensor4d(batch.pixels, [...batch.shape]);
}

/** @throws {EmbeddingError} as `pixelsOf` does. */
export function checkPixels({ pixels, shape }: ImageBatch): void {
  const [n, height, width, channels] = shape;
  if (channels !== 3)
    throw new EmbeddingError('SHAPE_MISMATCH', { where: 'images', expected: '3 channels', got: channels });
  if (pixels.length !== n * height * width * channels) {
    throw new EmbeddingError('SHAPE_MISMATCH', {
      where: 'images',
      expected: `as many values as [${shape}] has`,
      got: pixels.length,
    });
  }
}
